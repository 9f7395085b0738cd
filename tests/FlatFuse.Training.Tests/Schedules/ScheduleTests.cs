namespace FlatFuse.Training.Tests;

public class ScheduleTests
{
    [Fact]
    public void Piecewise_borders_belong_to_the_piece_before()
    {
        var schedule = new PiecewiseConstantDecay([2, 7], [1.0, 0.5, 0.1]);
        Assert.Equal([1.0, 1.0, 0.5, 0.5, 0.1, 0.1], new long[] { 0, 2, 3, 7, 8, long.MaxValue }.Select(schedule.At));
    }

    [Fact]
    public void Staircases_jump_at_multiples_only()
    {
        var schedule = new ExponentialDecay(1, 3, 0.5, staircase: true);
        Assert.Equal([1.0, 1.0, 0.5, 0.5, 0.5, 0.25], new long[] { 0, 2, 3, 4, 5, 6 }.Select(schedule.At));
    }

    [Fact]
    public void A_cosine_ends_at_alpha_and_stays_there()
    {
        var schedule = new CosineDecay(1, 10, alpha: 0.1);
        Assert.Equal(0.1, schedule.At(10), 1e-15);
        Assert.Equal(0.1, schedule.At(1_000_000), 1e-15);
    }

    [Fact]
    public void A_warm_up_meets_its_target_where_the_cosine_begins()
    {
        var schedule = new CosineDecay(0, 10, warmupTarget: 2, warmupSteps: 4);
        Assert.Equal([0.0, 1.0, 2.0], new long[] { 0, 2, 4 }.Select(schedule.At));
    }

    [Theory]
    [InlineData(1.0, new long[] { 0, 5, 10, 500 })]
    [InlineData(2.0, new long[] { 0, 5, 15, 35 })]
    [InlineData(3.0, new long[] { 0, 5, 20, 65, 200, 605, 1820 })]
    public void Restarts_begin_exactly_at_the_top(double tMul, long[] starts)
    {
        var schedule = new CosineDecayRestarts(1, 5, tMul);
        Assert.All(starts, step => Assert.Equal(1.0, schedule.At(step)));
    }

    [Fact]
    public void A_polynomial_cycle_starts_lower_after_its_end()
    {
        var schedule = new PolynomialDecay(1, 10, 0, cycle: true);
        Assert.Equal(0.0, schedule.At(10));
        Assert.Equal(0.45, schedule.At(11), 1e-12);
    }

    [Fact]
    public void A_learning_rate_converts_from_a_number_or_a_schedule()
    {
        Assert.Equal(0.01, new Adam(0.01).LearningRate.At(7));
        Assert.Equal(1, new SGD(1).LearningRate.At(0));
        var schedule = new InverseTimeDecay(1, 1, 1);
        Assert.Same(schedule, new Adam(schedule).LearningRate.Schedule);
        Assert.Equal(0.5, new Adam { LearningRate = schedule }.LearningRate.At(1));
    }

    [Fact]
    public void Schedules_refuse_what_cannot_be()
    {
        Assert.Contains("decaySteps", Assert.Throws<ArgumentOutOfRangeException>(() => new CosineDecay(1, 0)).Message);
        Assert.Contains("3 pieces", Assert.Throws<ArgumentException>(() => new PiecewiseConstantDecay([1, 2], [1.0])).Message);
        Assert.Contains("rising", Assert.Throws<ArgumentException>(() => new PiecewiseConstantDecay([2, 2], [1.0, 1, 1])).Message);
        Assert.Contains("tMul", Assert.Throws<ArgumentOutOfRangeException>(() => new CosineDecayRestarts(1, 5, 0.5)).Message);
    }
}
