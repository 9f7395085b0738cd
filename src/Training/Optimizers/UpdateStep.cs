namespace FlatFuse.Training;

/// <summary>The numbers of one update.</summary>
/// <param name="Number">t, counted from 1.</param>
/// <param name="LearningRate">The rate of this step and segment.</param>
/// <param name="Decay">The factor on the weights before the update: <c>1 − weight decay · lr</c>, 1 for none.</param>
public readonly record struct UpdateStep(long Number, double LearningRate, double Decay);
