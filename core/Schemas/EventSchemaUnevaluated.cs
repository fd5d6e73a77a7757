using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// <c>unevaluatedProperties</c> and <c>unevaluatedItems</c>: what holds for members and elements that no other keyword
/// of the schema, and of the schemas that check the same value with it, has looked at.
/// </summary>
/// <remarks>
/// Such a schema tracks its value: while it is checked, keywords note the offsets of the members and elements they
/// evaluate, in rented memory. Schemas without these keywords note nothing.
/// </remarks>
internal sealed class EventSchemaUnevaluated
{
    internal EventSchemaNode? Properties { get; set; }

    internal EventSchemaNode? Items { get; set; }

    internal int Check(ref EventSchemaRun run, EventSchemaNode node, int at)
    {
        var kind = JsonWalk.KindAt(run.Text, at);
        var rest = kind == JsonKind.Object ? Properties : kind == JsonKind.Array ? Items : null;
        if (rest is null)
        {
            var endOfOther = node.CheckOwn(ref run, at);
            node.InPlace?.Check(ref run, at);
            return endOfOther;
        }
        var firstMark = run.MarkCount;
        var outer = run.Track(at);
        var end = node.CheckOwn(ref run, at);
        var failures = run.Failures;
        node.InPlace?.Check(ref run, at);
        // A schema that failed evaluated nothing: whatever it names would be told as unevaluated too.
        if (run.Failures == failures && !run.IsDone)
        {
            run.Marks[firstMark..].Sort();
            if (kind == JsonKind.Object)
            {
                CheckMembers(ref run, rest, at, firstMark);
            }
            else
            {
                CheckElements(ref run, rest, at, firstMark);
            }
        }
        run.EndTrack(outer, firstMark);
        return end;
    }

    private static void CheckMembers(ref EventSchemaRun run, EventSchemaNode rest, int at, int firstMark)
    {
        var lastMark = run.MarkCount;
        var members = new JsonMembers(run.Text, at);
        while (members.MoveNext())
        {
            if (run.Marks[firstMark..lastMark].BinarySearch(members.ValueStart) >= 0)
            {
                continue;
            }
            if (rest.IsNever)
            {
                run.Fail(members.NameStart, "unevaluatedProperties: no further members are allowed", members.Name);
            }
            else
            {
                members.ValueEnd = rest.Check(ref run, members.ValueStart);
            }
            run.Mark(members.ValueStart);
        }
    }

    private static void CheckElements(ref EventSchemaRun run, EventSchemaNode rest, int at, int firstMark)
    {
        var lastMark = run.MarkCount;
        var elements = new JsonElements(run.Text, at);
        while (elements.MoveNext())
        {
            if (run.Marks[firstMark..lastMark].BinarySearch(elements.ValueStart) >= 0)
            {
                continue;
            }
            if (rest.IsNever)
            {
                run.Fail(elements.ValueStart, "unevaluatedItems: no further elements are allowed");
            }
            else
            {
                elements.ValueEnd = rest.Check(ref run, elements.ValueStart);
            }
            run.Mark(elements.ValueStart);
        }
    }
}
