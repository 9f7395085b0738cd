using FlatFuse.Benchmarks;

switch (args.FirstOrDefault())
{
    case "limits":
        Limits.Print(Console.Out);
        return 0;
    case "kernels":
        KernelTable.Print(Console.Out);
        return 0;
    case "models":
        ModelTable.Print(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("usage: -- limits | -- kernels | -- models");
        return 2;
}
