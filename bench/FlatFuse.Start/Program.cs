// The small program whose start `-- start` of FlatFuse.Benchmarks measures: S1.1 saved, loaded for one prediction, or trained for one step; and what compiling the
// kernels of the last two takes (with a number: and the dearest so many of them).
using System.Globalization;
using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Start;
using FlatFuse.Tensors;
using FlatFuse.Training;

switch (args)
{
    case ["nothing"]:
        Console.WriteLine("done");
        return 0;
    case ["save", string file]:
        Build().Save(file);
        return 0;
    case ["predict", string file]:
        Predict(file);
        return 0;
    case ["train"]:
        Train();
        return 0;
    case ["kernels", string file, .. var more]:
        using (var log = new CompileLog())
        {
            if (file == "train")
                Train();
            else
                Predict(file);
            log.Print(Console.Out, more is [string count] ? int.Parse(count, CultureInfo.InvariantCulture) : 0);
        }
        return 0;
    default:
        Console.Error.WriteLine("usage: nothing | save FILE | predict FILE | train | kernels FILE [N] | kernels train [N]");
        return 2;
}

static void Predict(string file)
{
    Tensor<float> y = Model.Load(file).Predict([Tensor.Zeros<float>(1, 10, 1), Tensor.Zeros<float>(1, 5)]);
    Console.WriteLine(y.AsSpan()[0].ToString(CultureInfo.InvariantCulture));
}

static void Train()
{
    Model model = Build();
    model.Compile(new Adam(), Loss.BinaryCrossentropy);
    var random = RandomSource.FromSeed(7);
    double loss = model.TrainOnBatch([random.Normal(0, 1, 32, 10, 1), random.Normal(0, 1, 32, 5)], random.Integers(0, 2, 32, 1)).Loss;
    Console.WriteLine(loss.ToString(CultureInfo.InvariantCulture));
}

static Model Build()
{
    var series = Input.Of([10, 1]);
    var features = Input.Of([5]);
    var today = new Dense(8, Activation.ReLU).Apply(new Dense(16, Activation.ReLU).Apply(features));
    var fused = new Concatenate().Apply(new LSTM(32).Apply(series), today);
    return new Model([series, features], new Dense(1, Activation.Sigmoid).Apply(fused)) { Threads = 1 };
}
