using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Where a model's values come in: <c>var text = Input.Of([50, 128], name: "text_input")</c>. It stands wherever a placeholder
/// is expected, and as the first layer of a <c>Sequential</c>. Source: Keras 3, <c>keras.Input</c>.
/// </summary>
public sealed class Input : Layer
{
    private Input(SymbolicShape shape, DType dtype)
    {
        Shape = shape;
        DType = dtype;
    }

    /// <summary>Declares an input.</summary>
    /// <param name="shape">Sizes of one sample, without the batch; null where the size may differ from call to call.</param>
    /// <param name="name">The layer's name; <c>input_layer</c>, numbered, when null.</param>
    /// <param name="dtype">Int32 for whole numbers such as token ids: no gradient flows into them.</param>
    /// <param name="batchSize">The number of samples where it is fixed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static Input Of(ReadOnlySpan<int?> shape, string? name = null, DType dtype = DType.Float32, int? batchSize = null)
    {
        var sizes = new int?[shape.Length + 1];
        sizes[0] = batchSize;
        shape.CopyTo(sizes.AsSpan(1));
        return Create(new SymbolicShape(sizes), name, dtype);
    }

    /// <inheritdoc/>
    public override string ClassName => "InputLayer";

    /// <summary>The declared shape, batch first.</summary>
    public SymbolicShape Shape { get; }

    /// <summary>The declared element type.</summary>
    public DType DType { get; }

    /// <summary>The placeholder that other layers are applied to.</summary>
    public override SymbolicTensor Output => Calls[0].Outputs[0];

    /// <summary>The placeholder of an input.</summary>
    /// <param name="input">The input.</param>
    public static implicit operator SymbolicTensor(Input input) => input.Output;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; Keras 3 writes the shape as <c>batch_shape</c>, Keras 2 and tfjs as <c>batch_input_shape</c>.</param>
    public static Input FromConfig(LayerConfig config)
    {
        string key = config.Json.ContainsKey("batch_shape") ? "batch_shape" : "batch_input_shape";
        return Create(new SymbolicShape(config.Ints(key)), config.Name, ReadDType(config));
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count == 0)
            return Shape;
        SymbolicShape given = OneInput(inputShapes);
        return given.IsCompatibleWith(Shape)
            ? given
            : throw ShapeError($"expected {Shape}; got {given}.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => inputs[0];

    /// <inheritdoc/>
    protected override DType OutputDType(int index, IReadOnlyList<SymbolicTensor> inputs) => DType;

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        var shape = new JsonArray();
        foreach (int? size in Shape)
            shape.Add((JsonNode?)size);
        config.Set("batch_input_shape", shape);
        config.Set("dtype", DType == DType.Int32 ? "int32" : "float32");
        config.Set("sparse", false);
    }

    private static Input Create(SymbolicShape shape, string? name, DType dtype)
    {
        foreach (int? size in shape)
        {
            if (size is < 1)
                throw new ArgumentOutOfRangeException(nameof(shape), $"Input: {shape} has a size of {size}; expected sizes of at least 1, or null where unknown.");
        }
        Input input = name is null ? new Input(shape, dtype) : new Input(shape, dtype) { Name = name };
        input.ApplyMany(ReadOnlySpan<SymbolicTensor>.Empty);
        return input;
    }

    // Keras writes several widths; below the door everything is float32, so only whole or not matters.
    private static DType ReadDType(LayerConfig config)
        => config.Json["dtype"] is JsonValue value && value.TryGetValue(out string? name)
            ? name switch
            {
                "float32" or "float16" or "float64" or "bfloat16" => DType.Float32,
                "int32" or "int64" or "int16" or "int8" or "uint8" or "bool" => DType.Int32,
                _ => throw new InvalidDataException($"Architecture: input '{config.Name}' has dtype '{name}'; expected float32 or int32."),
            }
            : DType.Float32;
}
