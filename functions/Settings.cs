using System.Globalization;
using System.Numerics;
using Pipeline.Core;

namespace Pipeline.Functions;

/// <summary>
/// Reads a function's settings from its environment variables, which are passed in; an error names setting, value and
/// what is allowed.
/// </summary>
public sealed class Settings(string function, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>The setting's text.</summary>
    /// <exception cref="ConfigurationException">It is missing or empty.</exception>
    public string Text(string name) =>
        environment.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new ConfigurationException($"Function {function}: the setting {name} is missing.");

    /// <summary>The setting's text, or null when it is missing or empty.</summary>
    public string? OptionalText(string name) =>
        environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The setting as a number of seconds.</summary>
    /// <exception cref="ConfigurationException">It is missing, no whole number, or out of bounds.</exception>
    public TimeSpan Seconds(string name, int min, int max) => TimeSpan.FromSeconds(Integer(name, min, max));

    /// <summary>The setting as a number of slots: a power of two.</summary>
    /// <exception cref="ConfigurationException">
    /// It is no power of two from 1 to <see cref="Limits.SlotsMax"/>.
    /// </exception>
    public Slots Slots(string name)
    {
        var count = environment.ContainsKey(name) ? Integer(name, 1, Limits.SlotsMax) : Limits.SlotsDefault;
        return BitOperations.IsPow2(count)
            ? new Slots(count)
            : throw Wrong(
                name, string.Create(CultureInfo.InvariantCulture, $"a power of two from 1 to {Limits.SlotsMax}"));
    }

    private int Integer(string name, int min, int max) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value >= min && value <= max
            ? value
            : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));

    private ConfigurationException Wrong(string name, string allowed) =>
        new($"Function {function}: the setting {name} is '{Text(name)}'; allowed is {allowed}.");
}
