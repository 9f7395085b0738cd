using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>The numbers of one update of one segment.</summary>
/// <param name="Number">t, counted from 1.</param>
/// <param name="LearningRate">The rate of this step and segment.</param>
/// <param name="Preparation">What the update still has to do to gradients and weights: scale, cut to ± clip, <c>w −= w · decay · lr</c>.</param>
public readonly record struct UpdateStep(long Number, double LearningRate, GradientPreparation Preparation);
