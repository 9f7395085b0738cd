using FlatFuse.Benchmarks;

Options options = Options.Parse(args.AsSpan(Math.Min(1, args.Length)));
options.RefuseWhatIsNotFor(args.FirstOrDefault());
switch (args.FirstOrDefault())
{
    case "limits":
        Limits.Print(Console.Out);
        return 0;
    case "kernels":
        KernelTable.Print(Console.Out, options.Words, PeerRecords.Read(options.Peers), Passes.Of(options, args));
        return 0;
    case "vanishing":
        VanishingTable.Print(Console.Out);
        return 0;
    case "gemm-steps":
        GemmSteps.Print(Console.Out);
        return 0;
    case "models":
        ModelTable.Print(Console.Out, options.Words, PeerRecords.Read(options.Peers), Passes.Of(options, args));
        return 0;
    case "scale":
        ScaleTable.Print(Console.Out, options.Words);
        return 0;
    case "start":
        StartTable.Print(Console.Out, PeerRecords.Read(options.Peers), options.Published);
        return 0;
    case "start-child":
        StartTable.RunChild(options.Words[0]);
        return 0;
    case { } first when first.StartsWith('-'):
        BenchmarkRun.Start(args);
        return 0;
    default:
        Console.Error.WriteLine("usage: -- limits | kernels [FAMILY…] [--peers FOLDER] [--passes N] | vanishing | gemm-steps | models [train|predict] [MODEL…] [--peers FOLDER] [--passes N] | scale [batch|length|units|threads] | start [--peers FOLDER] [--published FOLDER] | --filter '*Gemm*' (BenchmarkDotNet's own options)");
        return 2;
}
