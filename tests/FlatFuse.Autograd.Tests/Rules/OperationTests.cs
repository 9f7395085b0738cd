using System.Reflection;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

/// <summary>What holds for every operation, on the rows of <see cref="OperationCases"/>.</summary>
public sealed class OperationTests
{
    public static TheoryData<string, string> RowsAndLayouts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (OperationCase row in OperationCases.All)
            {
                foreach (string layout in row.Layouts)
                    data.Add(row.Name, layout);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(RowsAndLayouts))]
    public void Gradients_agree_with_differences_and_empty_operands_give_empty_results(string name, string layout)
    {
        OperationCase row = OperationCases.Named(name);
        OpCheck.Verify(row.Function, row.Step, row.Training, row.Values(layout));
        foreach (Tensor<float>[] empty in row.EmptyValues(layout))
        {
            if (row.RefusesEmpty)
                Assert.Throws<ArgumentException>(() => OpCheck.Run(row.Function, empty));
            else
                OpCheck.Verify(row.Function, row.Step, row.Training, empty);
        }
    }

    [Fact]
    public void Every_operation_has_rows()
    {
        string[] operations = [.. typeof(VariableOps).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(method => method.Name).Distinct()];
        string[] rows = [.. OperationCases.All.Select(row => row.Operation)];
        Assert.Empty(operations.Except(rows));
        Assert.Empty(rows.Except(operations));
    }

    [Fact]
    public void Every_row_has_empty_operands()
        => Assert.All(OperationCases.All, row => Assert.True(
            row.Empty.Length > 0 && row.Empty.All(shapes => shapes.Length == row.Operands.Length && shapes.Any(shape => shape.Contains(0))), row.Name));

    [Fact]
    public void Every_node_is_made_by_a_row()
    {
        HashSet<Type> made = [.. OperationCases.All.SelectMany(NodesOf)];
        Assert.Empty(Nodes().Except(made).Select(type => type.ToString()));
    }

    private static IEnumerable<Type> NodesOf(OperationCase row)
    {
        var tape = new Tape();
        var context = new CallContext(workers: new Workers(threads: 1), training: row.Training) { Tape = tape };
        row.Function([.. row.Values("contiguous").Select(context.Leaf)]);
        return tape.Nodes.Select(node => node.GetType());
    }

    // A generic node counts once for each of its rules.
    private static IEnumerable<Type> Nodes()
    {
        Type[] types = typeof(GradientNode).Assembly.GetTypes();
        Type[] rules = [.. types.Where(type => type.IsValueType)];
        foreach (Type node in types.Where(type => type.IsSubclassOf(typeof(GradientNode)) && !type.IsAbstract))
        {
            if (!node.IsGenericTypeDefinition)
            {
                yield return node;
                continue;
            }
            Type rule = node.GetGenericArguments()[0].GetGenericParameterConstraints().Single(constraint => constraint.IsInterface);
            foreach (Type argument in rules.Where(type => type.GetInterfaces().Any(face => face.Name == rule.Name)))
                yield return node.MakeGenericType(argument);
        }
    }
}
