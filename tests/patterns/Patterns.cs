using System.Text;
using Pipeline.Core;
using Pipeline.Tests.Events;

namespace Pipeline.Tests.Patterns;

/// <summary>Patterns and events for tests.</summary>
internal static class Patterns
{
    internal static EventPattern Compile(string json) =>
        EventPattern.Compile("rules.json", Encoding.UTF8.GetBytes(json));

    /// <summary>Any JSON object as an event: patterns do not ask for CloudEvents attributes.</summary>
    internal static Event Event(string json) => Sample.Read(json).Event;

    internal static bool Match(string pattern, string json) => Compile(pattern).Matches(Event(json));

    /// <summary>The message of the refusal of a pattern.</summary>
    internal static string Refusal(string pattern) =>
        Xunit.Assert.Throws<ConfigurationException>(() => Compile(pattern)).Message;
}
