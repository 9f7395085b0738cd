using System.Globalization;
using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>Draws Keras 3's summary table. Columns grow with their content: a name is never broken.</summary>
internal static class SummaryTable
{
    // Text widths of Keras 3's columns at its default line length.
    private static readonly int[] SequentialWidths = [31, 22, 13];
    private static readonly int[] FunctionalWidths = [19, 17, 10, 17];

    private const int ParameterColumn = 2;
    private const int BytesPerParameter = sizeof(float);

    public static void Write(TextWriter writer, ModelSummary summary, bool expandNested)
    {
        var rows = new List<string[]>();
        AddRows(rows, summary.Layers, depth: 0, summary.IsSequential, expandNested);
        string[] header = summary.IsSequential
            ? ["Layer (type)", "Output Shape", "Param #"]
            : ["Layer (type)", "Output Shape", "Param #", "Connected to"];
        int[] widths = Widths(header, rows, summary.IsSequential ? SequentialWidths : FunctionalWidths);

        writer.WriteLine($"Model: \"{summary.Name}\"");
        writer.WriteLine(Rule(widths, "┏━┳┓"));
        writer.WriteLine(Line(widths, header, '┃'));
        writer.WriteLine(Rule(widths, "┡━╇┩"));
        for (int i = 0; i < rows.Count; i++)
        {
            if (i > 0)
                writer.WriteLine(Rule(widths, "├─┼┤"));
            writer.WriteLine(Line(widths, rows[i], '│'));
        }
        writer.WriteLine(Rule(widths, "└─┴┘"));
        writer.WriteLine($" Total params: {Amount(summary.TotalParameters)}");
        writer.WriteLine($" Trainable params: {Amount(summary.TrainableParameters)}");
        writer.WriteLine($" Non-trainable params: {Amount(summary.NonTrainableParameters)}");
    }

    private static void AddRows(List<string[]> rows, IReadOnlyList<LayerSummary> layers, int depth, bool isSequential, bool expandNested)
    {
        string indent = depth == 0 ? "" : new string(' ', 4 * depth - 2) + "└ ";
        foreach (LayerSummary layer in layers)
        {
            string name = $"{indent}{layer.Name} ({layer.ClassName})";
            string count = layer.Parameters.ToString("N0", CultureInfo.InvariantCulture);
            string connected = layer.ConnectedTo.Count == 0 ? "-" : string.Join(", ", layer.ConnectedTo);
            rows.Add(isSequential ? [name, Spell(layer.OutputShapes), count] : [name, Spell(layer.OutputShapes), count, connected]);
            if (expandNested)
                AddRows(rows, layer.Layers, depth + 1, isSequential, expandNested);
        }
    }

    private static string Spell(IReadOnlyList<SymbolicShape> shapes)
        => shapes.Count == 1 ? shapes[0].ToString() : $"[{string.Join(", ", shapes)}]";

    private static int[] Widths(string[] header, List<string[]> rows, int[] least)
    {
        int[] widths = [.. least];
        for (int column = 0; column < widths.Length; column++)
        {
            widths[column] = Math.Max(widths[column], header[column].Length);
            foreach (string[] row in rows)
                widths[column] = Math.Max(widths[column], row[column].Length);
        }
        return widths;
    }

    // pattern: left end, line, crossing, right end.
    private static string Rule(int[] widths, string pattern)
        => pattern[0] + string.Join(pattern[2], widths.Select(width => new string(pattern[1], width + 2))) + pattern[3];

    private static string Line(int[] widths, string[] cells, char bar)
    {
        IEnumerable<string> padded = cells.Select((cell, column) => column == ParameterColumn ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
        return $"{bar} {string.Join($" {bar} ", padded)} {bar}";
    }

    private static string Amount(long parameters)
        => string.Create(CultureInfo.InvariantCulture, $"{parameters:N0} ({Size(parameters * BytesPerParameter)})");

    private static string Size(double bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        int unit = 0;
        for (; bytes >= 1024 && unit < units.Length - 1; unit++)
            bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:F2} {units[unit]}");
    }
}
