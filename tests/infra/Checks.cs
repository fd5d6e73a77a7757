using System.Globalization;

namespace Pipeline.Tests.Infra;

/// <summary>What laws ask of one property; each answers null or the violation.</summary>
internal static class Checks
{
    public static double Number(string? text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    public static string? Expect(Resource resource, string? expected, params string[] path) =>
        resource[path] == expected
            ? null
            : $"{resource.Id}: {string.Join('.', path)} is '{resource[path]}', not '{expected}'";

    public static string? Between(Resource resource, double least, double most, params string[] path) =>
        Number(resource[path]) is var number && number >= least && number <= most
            ? null
            : $"{resource.Id}: {string.Join('.', path)} is '{resource[path]}', not from {least} to {most}";
}
