using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>y = l + r.</summary>
internal readonly struct AddRule : IBinaryRule<AddRule>
{
    public static string Name => "Add";
    public static float Forward(float l, float r) => l + r;
    public static float Left(float l, float r, float y) => 1f;
    public static float Right(float l, float r, float y) => 1f;
    public static void Forward(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, Span<float> y) => Elementwise.Add(workers, l, r, y);
    public static bool TryLeft(Workers workers, ReadOnlySpan<float> r, ReadOnlySpan<float> dy, Span<float> dl, bool accumulate) => BinaryGradients.Scaled(workers, dy, 1f, dl, accumulate);
    public static bool TryRight(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> dy, Span<float> dr, bool accumulate) => BinaryGradients.Scaled(workers, dy, 1f, dr, accumulate);
}

/// <summary>y = l − r.</summary>
internal readonly struct SubtractRule : IBinaryRule<SubtractRule>
{
    public static string Name => "Subtract";
    public static float Forward(float l, float r) => l - r;
    public static float Left(float l, float r, float y) => 1f;
    public static float Right(float l, float r, float y) => -1f;
    public static void Forward(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, Span<float> y) => Elementwise.Subtract(workers, l, r, y);
    public static bool TryLeft(Workers workers, ReadOnlySpan<float> r, ReadOnlySpan<float> dy, Span<float> dl, bool accumulate) => BinaryGradients.Scaled(workers, dy, 1f, dl, accumulate);
    public static bool TryRight(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> dy, Span<float> dr, bool accumulate) => BinaryGradients.Scaled(workers, dy, -1f, dr, accumulate);
}

/// <summary>y = l · r.</summary>
internal readonly struct MultiplyRule : IBinaryRule<MultiplyRule>
{
    public static string Name => "Multiply";
    public static float Forward(float l, float r) => l * r;
    public static float Left(float l, float r, float y) => r;
    public static float Right(float l, float r, float y) => l;
    public static void Forward(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, Span<float> y) => Elementwise.Multiply(workers, l, r, y);
    public static bool TryLeft(Workers workers, ReadOnlySpan<float> r, ReadOnlySpan<float> dy, Span<float> dl, bool accumulate) => BinaryGradients.Product(workers, dy, r, dl, accumulate);
    public static bool TryRight(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> dy, Span<float> dr, bool accumulate) => BinaryGradients.Product(workers, dy, l, dr, accumulate);
}

/// <summary>y = l / r.</summary>
internal readonly struct DivideRule : IBinaryRule<DivideRule>
{
    public static string Name => "Divide";
    public static float Forward(float l, float r) => l / r;
    public static float Left(float l, float r, float y) => 1f / r;
    public static float Right(float l, float r, float y) => -y / r;
    public static void Forward(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, Span<float> y) => Elementwise.Divide(workers, l, r, y);
}

/// <summary>y = max(l, r); between equals the gradient goes to the left operand.</summary>
internal readonly struct MaximumRule : IBinaryRule<MaximumRule>
{
    public static string Name => "Maximum";
    public static float Forward(float l, float r) => MathF.Max(l, r);
    public static float Left(float l, float r, float y) => l >= r ? 1f : 0f;
    public static float Right(float l, float r, float y) => l >= r ? 0f : 1f;
    public static void Forward(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, Span<float> y) => Elementwise.Maximum(workers, l, r, y);
}

/// <summary>y = min(l, r); between equals the gradient goes to the left operand.</summary>
internal readonly struct MinimumRule : IBinaryRule<MinimumRule>
{
    public static string Name => "Minimum";
    public static float Forward(float l, float r) => MathF.Min(l, r);
    public static float Left(float l, float r, float y) => l <= r ? 1f : 0f;
    public static float Right(float l, float r, float y) => l <= r ? 0f : 1f;
    public static void Forward(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, Span<float> y) => Elementwise.Minimum(workers, l, r, y);
}
