namespace FlatFuse.Kernels;

/// <summary>
/// Optimizer steps over flat segments of parameters, each one fused pass: scale, clip, decay, update, write back. Formulas are those of Keras 3.
/// </summary>
/// <remarks>
/// η is the learning rate, g the gradient after <see cref="GradientPreparation"/>. States that become subnormal are set to 0. A NaN gradient makes its
/// weight NaN.
/// </remarks>
public static unsafe class OptimizerKernels
{
    /// <summary><c>w −= η g</c>; with momentum <c>m = μ m − η g, w += m</c>, or with Nesterov <c>w += μ m − η g</c>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="momentum">The running update m; empty when <see cref="SGDStep.Momentum"/> is 0.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SGD(Workers workers, in SGDStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> momentum)
    {
        const string Name = "OptimizerKernels.SGD";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "momentum", momentum.Length, step.Momentum == 0 ? 0 : weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = momentum)
            workers.Kernels.SGD(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0));
    }

    /// <summary><c>v = ρ v + (1 − ρ) g²; d = η g / √(v + ε)</c>, centered <c>√(v − a² + ε)</c> with <c>a = ρ a + (1 − ρ) g</c>; <c>w −= d</c>, or <c>m = μ m + d, w −= m</c>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="meanSquare">v.</param>
    /// <param name="mean">a; empty for the uncentered form.</param>
    /// <param name="momentum">m; empty when <see cref="RMSpropStep.Momentum"/> is 0.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void RMSprop(Workers workers, in RMSpropStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> meanSquare, Span<float> mean, Span<float> momentum)
    {
        const string Name = "OptimizerKernels.RMSprop";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "meanSquare", meanSquare.Length, weights.Length);
        Check.LengthOrEmpty(Name, "mean", mean.Length, weights.Length);
        Check.Length(Name, "momentum", momentum.Length, step.Momentum == 0 ? 0 : weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = meanSquare, p1 = mean, p2 = momentum)
            workers.Kernels.RMSprop(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0, p1, p2));
    }

    /// <summary><c>m += (1 − β₁)(g − m); v += (1 − β₂)(g² − v); w −= η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)</c>; AMSGrad takes the running maximum of v.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="m">The mean.</param>
    /// <param name="v">The mean square.</param>
    /// <param name="vMax">The running maximum of v; empty for plain Adam.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Adam(Workers workers, in AdamStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> m, Span<float> v, Span<float> vMax = default)
    {
        const string Name = "OptimizerKernels.Adam";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "m", m.Length, weights.Length);
        Check.Length(Name, "v", v.Length, weights.Length);
        Check.LengthOrEmpty(Name, "vMax", vMax.Length, weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = m, p1 = v, p2 = vMax)
            workers.Kernels.Adam(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0, p1, p2));
    }

    /// <summary><c>m += (1 − β₁)(g − m); u = max(β₂ u, |g|); w −= η m / ((1 − β₁ᵗ)(u + ε))</c>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="m">The mean.</param>
    /// <param name="u">The infinity norm.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Adamax(Workers workers, in AdamaxStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> m, Span<float> u)
    {
        const string Name = "OptimizerKernels.Adamax";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "m", m.Length, weights.Length);
        Check.Length(Name, "u", u.Length, weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = m, p1 = u)
            workers.Kernels.Adamax(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0, p1));
    }

    /// <summary><c>w −= η (μₜ₊₁ m / (1 − P μₜ₊₁) + (1 − μₜ) g / (1 − P)) / (√(v / (1 − β₂ᵗ)) + ε)</c>, <c>μₜ = β₁ (1 − 0.5 · 0.96ᵗ)</c>, P the product of μ₁ … μₜ.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="m">The mean.</param>
    /// <param name="v">The mean square.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Nadam(Workers workers, in NadamStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> m, Span<float> v)
    {
        const string Name = "OptimizerKernels.Nadam";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "m", m.Length, weights.Length);
        Check.Length(Name, "v", v.Length, weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = m, p1 = v)
            workers.Kernels.Nadam(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0, p1));
    }

    /// <summary><c>a += g²; w −= η g / √(a + ε)</c>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="accumulator">The sum of squares; begins at the initial accumulator value.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Adagrad(Workers workers, in AdagradStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> accumulator)
    {
        const string Name = "OptimizerKernels.Adagrad";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "accumulator", accumulator.Length, weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = accumulator)
            workers.Kernels.Adagrad(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0));
    }

    /// <summary><c>n' = n + g²; z += g + 2 λₛ w − (n'ᵖ − nᵖ) / η · w; w = (clip(z, −λ₁, λ₁) − z) / (n'ᵖ / η + 2 λ₂ + β / η)</c>, p = −power.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place; where n' stays 0 without λ₂ and β they keep their value.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="accumulator">n.</param>
    /// <param name="linear">z.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Ftrl(Workers workers, in FtrlStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> accumulator, Span<float> linear)
    {
        const string Name = "OptimizerKernels.Ftrl";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "accumulator", accumulator.Length, weights.Length);
        Check.Length(Name, "linear", linear.Length, weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = accumulator, p1 = linear)
            workers.Kernels.Ftrl(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0, p1));
    }

    /// <summary><c>a = ρ a + (1 − ρ) g²; d = −√(b + ε) / √(a + ε) · g; b = ρ b + (1 − ρ) d²; w += η d</c>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="accumulatedGradient">a.</param>
    /// <param name="accumulatedUpdate">b.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Adadelta(Workers workers, in AdadeltaStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> accumulatedGradient, Span<float> accumulatedUpdate)
    {
        const string Name = "OptimizerKernels.Adadelta";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "accumulatedGradient", accumulatedGradient.Length, weights.Length);
        Check.Length(Name, "accumulatedUpdate", accumulatedUpdate.Length, weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = accumulatedGradient, p1 = accumulatedUpdate)
            workers.Kernels.Adadelta(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0, p1));
    }

    /// <summary><c>w −= η sign(β₁ m + (1 − β₁) g); m = β₂ m + (1 − β₂) g</c>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="step">The scalars of this step.</param>
    /// <param name="weights">Parameters, updated in place.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="m">The mean.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Lion(Workers workers, in LionStep step, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> m)
    {
        const string Name = "OptimizerKernels.Lion";
        CheckGradients(Name, workers, weights, gradients);
        Check.Length(Name, "m", m.Length, weights.Length);
        fixed (float* pw = weights, pg = gradients, p0 = m)
            workers.Kernels.Lion(workers, in step, new OptimizerMemory(pw, pg, weights.Length, p0));
    }

    private static void CheckGradients(string name, Workers workers, Span<float> weights, ReadOnlySpan<float> gradients)
    {
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(name, "gradients", gradients.Length, weights.Length);
    }
}
