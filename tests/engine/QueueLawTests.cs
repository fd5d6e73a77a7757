using CsCheck;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Any sequence of operations, against a model of a queue that is as plain as can be.</summary>
public sealed class QueueLawTests
{
    private const int ReceiveCountMax = 3;

    private static readonly QueueModel Model = QueueBench.Defaults with
    {
        VisibilityTimeout = TimeSpan.FromSeconds(30),
        Retention = TimeSpan.FromSeconds(400),
    };

    /// <summary>An operation, and two numbers that say on what and how long.</summary>
    private static readonly Gen<(Operation Operation, int Which, int Seconds)[]> Scripts = Gen.Select(
        Gen.Frequency(
            (3, Gen.Const(Operation.Send)), (4, Gen.Const(Operation.Receive)), (2, Gen.Const(Operation.Delete)),
            (2, Gen.Const(Operation.ChangeVisibility)), (4, Gen.Const(Operation.Advance))),
        Gen.Int[0, 1000], Gen.OneOf(Gen.Const(0), Gen.Int[0, 20], Gen.Const(30), Gen.Int[0, 120])).Array[1, 60];

    private enum Operation
    {
        Send,
        Receive,
        Delete,
        ChangeVisibility,
        Advance,
    }

    [Fact]
    [Trait("Rule", "queues.model")]
    public void A_queue_does_what_the_plain_model_does() =>
        Scripts.Sample(script => Agree(script, look: false));

    [Fact]
    [Trait("Rule", "queues.model")]
    public void A_queue_looked_at_after_each_step_does_the_same() =>
        Scripts.Sample(script => Agree(script, look: true));

    private static void Agree((Operation Operation, int Which, int Seconds)[] script, bool look)
    {
        var bench = QueueBench.WithDeadLetters(ReceiveCountMax, Model);
        var plain = new PlainQueue();
        var handles = new List<string>();
        foreach (var (operation, number, seconds) in script)
        {
            var which = handles.Count > 0 ? number % handles.Count : -1;
            switch (operation)
            {
                case Operation.Send:
                    bench.Send($"{plain.Sent}", seconds);
                    plain.Send(seconds);
                    break;
                case Operation.Receive:
                    var received = bench.Queue.Receive(1 + (number % 10));
                    handles.AddRange(received.Select(r => r.ReceiptHandle));
                    Assert.Equal(
                        plain.Receive(1 + (number % 10)),
                        received.Select(r => (QueueBench.Body(r.Message), r.ReceiveCount)));
                    break;
                case Operation.Delete when which >= 0:
                    Assert.Equal(plain.Delete(which), bench.Queue.Delete(handles[which]) == 1);
                    break;
                case Operation.ChangeVisibility when which >= 0:
                    Assert.Equal(
                        plain.ChangeVisibility(which, seconds),
                        bench.Queue.ChangeVisibility(handles[which], TimeSpan.FromSeconds(seconds)));
                    break;
                case Operation.Advance:
                    bench.Advance(seconds);
                    plain.Now += seconds;
                    break;
            }
            if (look)
            {
                Assert.Equal(plain.Look(), bench.Queue.Look().Select(QueueBench.Body).Order(StringComparer.Ordinal));
            }
        }
        Assert.Equal(plain.Look(), bench.Queue.Look().Select(QueueBench.Body).Order(StringComparer.Ordinal));
        Assert.Equal(plain.DeadLetters, bench.Dead!.Look().Select(QueueBench.Body));
        Assert.Equal(plain.Sent, plain.DeadLetters.Count() + plain.Deleted + plain.Look().Length
            + bench.Queue.ExpiredCount + bench.Dead.ExpiredCount);
    }

    /// <summary>A list of messages; every question is answered by looking at all of them.</summary>
    private sealed class PlainQueue
    {
        private readonly List<Entry> _entries = [];
        private readonly List<Entry> _dead = [];
        private readonly List<(Entry Entry, int Count)> _receives = [];
        private int _hidings;

        public int Now { get; set; }

        public int Sent { get; private set; }

        public int Deleted { get; private set; }

        public IEnumerable<string> DeadLetters => _dead.Where(IsKept).Select(entry => entry.Body);

        public void Send(int delay)
        {
            var entry = new Entry($"{Sent++}", Now);
            Hide(entry, delay);
            _entries.Add(entry);
        }

        public List<(string Body, int Count)> Receive(int count)
        {
            var answer = new List<(string, int)>();
            foreach (var entry in Kept().Where(e => e.VisibleAt <= Now).OrderBy(e => (e.VisibleAt, e.Hiding)).ToList())
            {
                if (answer.Count == count)
                {
                    break;
                }
                if (entry.Count == ReceiveCountMax)
                {
                    _entries.Remove(entry);
                    _dead.Add(entry);
                    continue;
                }
                entry.Count++;
                Hide(entry, 30);
                _receives.Add((entry, entry.Count));
                answer.Add((entry.Body, entry.Count));
            }
            return answer;
        }

        public bool Delete(int receive)
        {
            var (entry, count) = _receives[receive];
            var isDeleted = entry.Count == count && Kept().Contains(entry);
            if (isDeleted)
            {
                _entries.Remove(entry);
                Deleted++;
            }
            return isDeleted;
        }

        public bool ChangeVisibility(int receive, int seconds)
        {
            var (entry, count) = _receives[receive];
            var isChanged = entry.Count == count && entry.VisibleAt > Now && Kept().Contains(entry);
            if (isChanged)
            {
                Hide(entry, seconds);
            }
            return isChanged;
        }

        public string[] Look() => [.. Kept().Select(entry => entry.Body).Order(StringComparer.Ordinal)];

        private IEnumerable<Entry> Kept() => _entries.Where(IsKept);

        private bool IsKept(Entry entry) => Now - entry.SentAt <= Model.Retention.TotalSeconds;

        private void Hide(Entry entry, int seconds) => (entry.VisibleAt, entry.Hiding) = (Now + seconds, _hidings++);

        private sealed class Entry(string body, int sentAt)
        {
            public string Body => body;

            public int SentAt => sentAt;

            public int Count { get; set; }

            public int VisibleAt { get; set; }

            public int Hiding { get; set; }
        }
    }
}
