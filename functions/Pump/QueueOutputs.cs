using System.Globalization;
using System.Text;
using Pipeline.Core;
using Pipeline.Core.Commands;

namespace Pipeline.Functions.Pump;

/// <summary>Requested commands, as messages on the queues of their priorities.</summary>
/// <remarks>
/// Order: none, as queues keep none. Delivery: at least once; a copy has the id of the first, by which whoever carries
/// the command out tells it. A command that its queue will never take makes its event a bad row
/// <see cref="RejectReason.Undeliverable"/> instead of waiting for ever.
/// </remarks>
/// <param name="queues">The queues' URLs, in the order of <see cref="CommandPriority"/>.</param>
public sealed class QueueOutputs(IReadOnlyList<string> queues, Ports ports, TimeProvider time) : IOutputs
{
    private readonly List<Member> _members = [];
    private readonly List<OutgoingMessage> _messages = [];
    private readonly List<(int Record, BadRow Row)> _refused = [];
    private readonly QueueSender _sender = new(ports.Queues, time, ports.Random);

    public long Bytes { get; private set; }

    public int Retries => _sender.Retries;

    public IReadOnlyList<(int Record, BadRow Row)> Refused => _refused;

    /// <summary>
    /// The outputs of a function by its settings: <c>QUEUE_HIGH</c>, <c>QUEUE_NORMAL</c> and <c>QUEUE_LOW</c>, the
    /// queues' URLs.
    /// </summary>
    /// <exception cref="ConfigurationException">A setting is missing.</exception>
    public static QueueOutputs Read(Settings settings, Ports ports, TimeProvider time) => new(
        [.. CommandPriorityNames.All.Select(name => settings.Text("QUEUE_" + name.ToUpperInvariant()))], ports, time);

    public void Clear()
    {
        _members.Clear();
        _messages.Clear();
        _refused.Clear();
        Bytes = 0;
    }

    public void Add(int record, in Outcome outcome)
    {
        if (outcome.Command is not { } command)
        {
            throw new NotSupportedException("Queues take commands; events go to streams.");
        }
        var number = _messages.Count;
        var body = CommandText.Write(command);
        _members.Add(new Member(record, outcome.Event.Record, command.Name));
        _messages.Add(new OutgoingMessage(
            queues[(int)command.Priority],
            new SendEntry(number.ToString(CultureInfo.InvariantCulture), body),
            number));
        Bytes += Encoding.UTF8.GetByteCount(body);
    }

    public void TakeBack(int record)
    {
        var kept = _members.Count;
        while (kept > 0 && _members[kept - 1].Record >= record)
        {
            kept--;
        }
        _members.RemoveRange(kept, _members.Count - kept);
        _messages.RemoveRange(kept, _messages.Count - kept);
    }

    public async ValueTask<int> SendAsync(int end, Deadline deadline, CancellationToken cancellation)
    {
        foreach (var message in await _sender.SendAsync(_messages, deadline, cancellation))
        {
            end = Math.Min(end, _members[message.Number].Record);
        }
        foreach (var (message, problem) in _sender.Refused)
        {
            var member = _members[message.Number];
            var error = new EventError("", $"The command {member.Command} cannot be sent: {problem}.");
            _refused.Add((member.Record, new BadRow(member.Event, RejectReason.Undeliverable, [error])));
        }
        return end;
    }

    public int CountBefore(int record) =>
        _members.Count(member => member.Record < record) - _refused.Count(refused => refused.Record < record);

    private readonly record struct Member(int Record, Record Event, string Command);
}
