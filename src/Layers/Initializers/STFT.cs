using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>The half of a complex number that <see cref="STFT"/> writes.</summary>
public enum STFTSide
{
    /// <summary>Cosines.</summary>
    Real,

    /// <summary>Sines, negative: the transform turns clockwise.</summary>
    Imaginary,
}

/// <summary>What <see cref="STFT"/> divides a window by.</summary>
public enum STFTScaling
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The root of the sum of its squares.</summary>
    Density,

    /// <summary>The sum of its absolute values.</summary>
    Spectrum,
}

/// <summary>
/// The kernel of a Conv1D that computes a short-time Fourier transform: (frame length, 1, bins), with
/// <c>w(t) cos(−2π t f / (2 (bins − 1)))</c> for the real side and the sine for the imaginary one. Draws nothing at random.
/// Source: Keras 3, <c>keras.initializers.STFT</c>.
/// </summary>
/// <param name="side">The half of the complex kernel.</param>
public sealed class STFT(STFTSide side) : Initializer
{
    /// <summary>The half of the complex kernel.</summary>
    public STFTSide Side { get; } = side;

    /// <summary>What weighs the samples of a frame: Hann's unless set, nothing when null.</summary>
    public STFTWindow? Window { get; init; } = STFTWindow.Named("hann");

    /// <summary>What the window is divided by.</summary>
    public STFTScaling Scaling { get; init; } = STFTScaling.Density;

    /// <summary>True for a named window that continues into itself, false for a symmetric one.</summary>
    public bool Periodic { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The weight is no kernel of a Conv1D over one channel with two bins or more, or the window has another length.</exception>
    public override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
    {
        if (shape.Length != 3 || shape[1] != 1 || shape[2] < 2)
            throw new ArgumentException($"STFT: a weight has shape {Shapes.Format(shape)}; expected (frame length, 1, bins) with 2 bins or more: the kernel of a Conv1D over one channel.", nameof(shape));
        int frameLength = shape[0], bins = shape[2];
        double[]? window = Window?.Sample(frameLength, Periodic);
        double divisor = window is null ? 1 : Divisor(window);

        Tensor<float> result = Tensor.Zeros<float>(shape);
        for (int time = 0; time < frameLength; time++)
        {
            double weight = (window?[time] ?? 1) / divisor;
            for (int bin = 0; bin < bins; bin++)
            {
                // time · bin modulo a whole turn: the angle stays small, and its cosine keeps its digits.
                double angle = -Math.PI * ((long)time * bin % (2L * (bins - 1))) / (bins - 1);
                result[time, 0, bin] = (float)(weight * (Side == STFTSide.Real ? Math.Cos(angle) : Math.Sin(angle)));
            }
        }
        return result;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        config["side"] = Side == STFTSide.Real ? "real" : "imag";
        config["window"] = Window?.Name is { } name ? name : Window is null ? null : new JsonArray([.. Window.Values!.Select(value => JsonValue.Create(value))]);
        config["periodic"] = Periodic;
        config["scaling"] = Scaling switch
        {
            STFTScaling.Density => "density",
            STFTScaling.Spectrum => "spectrum",
            _ => null,
        };
    }

    /// <summary>Reads what <see cref="WriteConfig"/> writes.</summary>
    internal static STFT FromConfig(LayerConfig config) => new(config.Text("side", "real") switch
    {
        "real" => STFTSide.Real,
        "imag" => STFTSide.Imaginary,
        string other => throw new InvalidDataException($"Architecture: STFT has side '{other}'; expected real or imag."),
    })
    {
        Window = ReadWindow(config),
        Periodic = config.Bool("periodic", false),
        Scaling = config.Text("scaling", config.Json.ContainsKey("scaling") ? "" : "density") switch
        {
            "density" => STFTScaling.Density,
            "spectrum" => STFTScaling.Spectrum,
            "" => STFTScaling.None,
            string other => throw new InvalidDataException($"Architecture: STFT has scaling '{other}'; expected density, spectrum or null."),
        },
    };

    private static STFTWindow? ReadWindow(LayerConfig config)
    {
        if (config.Json["window"] is JsonArray numbers)
            return STFTWindow.Of([.. numbers.Select(node => node is JsonValue value && value.TryGetValue(out double number) ? number : throw new InvalidDataException("Architecture: STFT has a window of other things than numbers."))]);
        string name = config.Text("window", config.Json.ContainsKey("window") ? "" : "hann");
        try
        {
            return name.Length == 0 ? null : STFTWindow.Named(name);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"Architecture: {error.Message}", error);
        }
    }

    private double Divisor(double[] window)
    {
        double sum = 0;
        foreach (double value in window)
            sum += Scaling == STFTScaling.Spectrum ? Math.Abs(value) : value * value;
        return Scaling switch
        {
            STFTScaling.Density => Math.Sqrt(sum),
            STFTScaling.Spectrum => sum,
            _ => 1,
        };
    }
}
