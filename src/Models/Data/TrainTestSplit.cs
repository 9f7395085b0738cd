using FlatFuse.Tensors;

namespace FlatFuse.Models.Data;

/// <summary>Sample numbers divided into a part to train on and a part to test on; see <see cref="Preprocessing.TakeRows"/>.</summary>
public sealed class TrainTestSplit
{
    private TrainTestSplit(int[] train, int[] test)
    {
        Train = train;
        Test = test;
    }

    /// <summary>Samples to train on.</summary>
    public IReadOnlyList<int> Train { get; }

    /// <summary>Samples to test on.</summary>
    public IReadOnlyList<int> Test { get; }

    /// <summary>Puts the last share of the samples into the test part: for data that is in random order already, or in time order.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="testShare">Between 0 and 1.</param>
    public static TrainTestSplit Ordered(int samples, double testShare) => Split([.. Enumerable.Range(0, samples)], testShare);

    /// <summary>Shuffles the samples before they are divided.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="testShare">Between 0 and 1.</param>
    /// <param name="seed">The same seed gives the same parts.</param>
    public static TrainTestSplit Shuffled(int samples, double testShare, long seed)
        => Split(new RandomSource(RandomKey.FromSeed(seed)).Permutation(samples), testShare);

    private static TrainTestSplit Split(int[] order, double testShare)
    {
        if (testShare is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testShare), testShare, "The test share lies between 0 and 1, both excluded.");
        int train = order.Length - (int)Math.Round(order.Length * testShare);
        return new TrainTestSplit(order[..train], order[train..]);
    }
}
