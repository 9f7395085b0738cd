namespace FlatFuse.Kernels.Tests.Threading;

/// <summary>Threads that no other test asks for have a team of their own: nobody else makes it busy.</summary>
public sealed class ThreadTeamTests
{
    internal const int Threads = 5;

    private readonly Workers _workers = Workers.Oversubscribed(null, Threads);

    [Theory]
    [InlineData(MeetingJob.Fault.OnCaller)]
    [InlineData(MeetingJob.Fault.OnHelpers)]
    [InlineData(MeetingJob.Fault.Everywhere)]
    internal void An_exception_in_a_chunk_reaches_the_caller_and_the_team_works_afterwards(MeetingJob.Fault fault)
    {
        for (int round = 0; round < 10; round++)
        {
            var probe = new Probe(Threads);
            var job = new MeetingJob(probe, fault);
            Exception? thrown = Record.Exception(() => _workers.Run(ref job, Threads));
            Assert.Equal(0, probe.Alone);
            Assert.StartsWith("chunk ", Assert.IsType<InvalidTimeZoneException>(thrown).Message);
            Assert.Contains(nameof(MeetingJob), thrown.StackTrace);
            Assert.All(probe.Runs, runs => Assert.Equal(1, runs));

            var after = new Probe(Threads);
            var healthy = new MeetingJob(after);
            _workers.Run(ref healthy, Threads);
            Assert.Equal(0, after.Alone);
        }
    }

    [Fact]
    public void No_more_helpers_start_than_there_are_processors_beside_the_caller()
    {
        Assert.Equal(1, ThreadTeam.HelpersOf(2));
        Assert.Equal(Math.Max(1, Environment.ProcessorCount - 1), ThreadTeam.HelpersOf(1000));
    }

    [Fact]
    public void Every_chunk_runs_once()
    {
        foreach (int chunks in new[] { 0, 1, 2, 3, 100, 1000, 65_535, 65_536, 150_001 })
        {
            var probe = new Probe(chunks);
            var job = new CountingJob(probe);
            _workers.Run(ref job, chunks);
            Assert.All(probe.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Fact]
    public void Two_callers_at_once_both_get_all_their_chunks()
    {
        var errors = new Exception?[2];
        Thread[] callers = [.. Enumerable.Range(0, 2).Select(caller => new Thread(() => errors[caller] = Record.Exception(() =>
        {
            var workers = Workers.Oversubscribed(null, Threads);
            for (int round = 0; round < 500; round++)
            {
                var probe = new Probe(17);
                var job = new CountingJob(probe);
                workers.Run(ref job, 17);
                Assert.All(probe.Runs, runs => Assert.Equal(1, runs));
            }
        })))];
        foreach (Thread caller in callers)
            caller.Start();
        foreach (Thread caller in callers)
            caller.Join();
        Assert.All(errors, Assert.Null);
    }

    [Fact]
    public void A_chunk_that_starts_a_job_runs_it_alone()
    {
        Probe outer = new(8), inner = new(5);
        var job = new NestingJob(outer, inner);
        _workers.Run(ref job, 8);
        Assert.All(outer.Runs, runs => Assert.Equal(1, runs));
        Assert.All(inner.Runs, runs => Assert.Equal(8, runs));
        Assert.Equal(0, inner.Strayed);
    }

    [Fact]
    public void Idle_helpers_park_and_wake_for_the_next_job()
    {
        ThreadTeam team = ThreadTeam.Of(Threads - 1);
        for (int round = 0; round < 20; round++)
        {
            AllParked(team);
            var probe = new Probe(Threads);
            var job = new MeetingJob(probe);
            _workers.Run(ref job, Threads);
            Assert.Equal(0, probe.Alone);
        }
    }

    [Fact]
    public void Many_short_jobs_leave_no_permit_behind()
    {
        ThreadTeam team = ThreadTeam.Of(Threads - 1);
        for (int round = 0; round < 20; round++)
        {
            AllParked(team);
            // Short beside the time a helper takes to wake: most of these find helpers that were woken and have not run yet.
            for (int i = 0; i < 50; i++)
            {
                var probe = new Probe(2);
                var job = new CountingJob(probe);
                _workers.Run(ref job, 2);
            }
        }
        AllParked(team);
        Assert.Equal(0, team.Permits);
    }

    [Fact]
    public void A_helper_that_is_held_up_keeps_no_chunk_but_its_own()
    {
        for (int round = 0; round < 20; round++)
        {
            var probe = new Probe(200);
            var job = new HeldUpJob(probe);
            _workers.Run(ref job, probe.Runs.Length);
            Assert.Equal(0, probe.Alone);
            Assert.All(probe.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Fact]
    public void The_first_callers_share_one_team()
    {
        var teams = new ThreadTeam[4];
        using var start = new Barrier(teams.Length);
        Thread[] callers = [.. teams.Select((_, caller) => new Thread(() =>
        {
            start.SignalAndWait();
            teams[caller] = ThreadTeam.Of(Threads + 4);
        }))];
        foreach (Thread caller in callers)
            caller.Start();
        foreach (Thread caller in callers)
            caller.Join();
        Assert.All(teams, team => Assert.Same(teams[0], team));
    }

    // The limit keeps a broken team from hanging the test; no time is asserted.
    private static void AllParked(ThreadTeam team)
        => Assert.True(SpinWait.SpinUntil(() => team.Parked == Threads - 1, TimeSpan.FromSeconds(60)), "A helper never parks.");
}
