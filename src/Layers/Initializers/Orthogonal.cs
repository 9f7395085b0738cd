using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// A matrix with orthonormal rows or columns, whichever are fewer, times a gain: the default of recurrent kernels. All sizes
/// but the last count as rows. Q of the QR decomposition of a normal matrix with the signs of R's diagonal, which makes it
/// uniform over all orthogonal matrices. Source: Saxe et al. (2014); Mezzadri (2007); Keras 3, <c>keras.initializers.Orthogonal</c>.
/// </summary>
/// <param name="gain">Multiplies every entry.</param>
public sealed class Orthogonal(double gain = 1) : Initializer
{
    /// <summary>Multiplies every entry.</summary>
    public double Gain { get; } = Guard.Finite(gain, nameof(Orthogonal));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The weight has fewer than two axes.</exception>
    public override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
    {
        if (shape.Length < 2)
            throw new ArgumentException($"Orthogonal: a weight of shape {Shapes.Format(shape)} has no rows and columns; expected rank 2 or more.", nameof(shape));
        int rows = Shapes.Count(shape[..^1]), columns = shape[^1];
        int tall = Math.Max(rows, columns), narrow = Math.Min(rows, columns);
        double[] q = HouseholderQR.OrthonormalColumns(Columns(key, tall, narrow), tall, narrow);

        Tensor<float> result = Tensor.Zeros<float>(shape);
        Span<float> values = result.AsSpan();
        bool transposed = rows < columns;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                values[row * columns + column] = (float)(Gain * (transposed ? q[row * tall + column] : q[column * tall + row]));
        }
        return result;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config) => config["gain"] = Gain;

    // Column by column: the decomposition then walks memory in order.
    private static double[] Columns(RandomKey key, int tall, int narrow)
    {
        ReadOnlySpan<float> normal = new RandomSource(key).Normal(0, 1, narrow, tall).AsSpan();
        var columns = new double[normal.Length];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = normal[i];
        return columns;
    }
}
