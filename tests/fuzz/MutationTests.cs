using Pipeline.Fuzz;
using Xunit;

namespace Pipeline.Tests.Fuzz;

/// <summary>Every reader of bytes from outside, given what good input becomes when it is damaged.</summary>
public sealed class MutationTests
{
    private const int MutantsPerSeed = 400;

    public static TheoryData<string> Targets => [.. Target.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Good_input_obeys_the_laws_and_is_not_refused_for_nothing(string name)
    {
        var target = Find(name);
        var seeds = target.Seeds().ToList();
        Assert.NotEmpty(seeds);
        Assert.All(seeds, target.Try);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Damaged_input_is_refused_or_obeys_the_laws(string name)
    {
        var target = Find(name);
        var random = new Random(name.Length);
        var seeds = target.Seeds().ToList();
        foreach (var seed in seeds)
        {
            for (var i = 0; i < MutantsPerSeed; i++)
            {
                var mutant = Mutant.Of(seed, seeds, random);
                try
                {
                    target.Try(mutant);
                }
                catch (Exception broken)
                {
                    throw new InvalidOperationException(
                        $"{name} breaks on {Convert.ToBase64String(mutant)}: {broken.Message}", broken);
                }
            }
        }
    }

    [Fact]
    public void A_law_that_does_not_hold_is_seen()
    {
        var target = new Target("broken", input => LawException.Unless(input.Length < 10, "Short."), () => [[1]]);
        Assert.Throws<LawException>(() => target.Try(new byte[10]));
    }

    private static Target Find(string name) => Target.All.Single(target => target.Name == name);
}
