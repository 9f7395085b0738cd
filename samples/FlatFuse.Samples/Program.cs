using FlatFuse.Samples;

const string Usage = "usage: [-- NAME] [--epochs N] [--quick], or -- list";

string name = Sample.All[0].Name;
int? epochs = null;
bool quick = false;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--quick":
            quick = true;
            break;
        case "--epochs" when i + 1 < args.Length && int.TryParse(args[i + 1], out int given) && given >= 1:
            epochs = given;
            i++;
            break;
        case var text when !text.StartsWith('-'):
            name = text;
            break;
        default:
            Console.Error.WriteLine($"'{args[i]}' is not understood; {Usage}");
            return 2;
    }
}

if (name == "list")
{
    foreach (Sample listed in Sample.All)
        Console.WriteLine($"{listed.Name,-8} {listed.Title}");
    return 0;
}

Sample? sample = Sample.All.FirstOrDefault(candidate => candidate.Name == name);
if (sample is null)
{
    Console.Error.WriteLine($"There is no sample '{name}'; {Usage}. Names: {string.Join(", ", Sample.All.Select(known => known.Name))}");
    return 2;
}
sample.Run(new SampleOptions(Console.Out, quick, epochs));
return 0;
