namespace Pipeline.Engine.Template;

/// <summary>Puts resources into an order in which each comes after what it depends on.</summary>
internal static class DependencyOrder
{
    /// <summary>Sorts the resources, otherwise keeping their order; tells every circle as a problem.</summary>
    public static IReadOnlyList<StackResource> Sort(IReadOnlyList<StackResource> resources, Problems problems)
    {
        var byId = resources.ToDictionary(resource => resource.LogicalId, StringComparer.Ordinal);
        var sorted = new List<StackResource>(resources.Count);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (var resource in resources)
        {
            Visit(resource);
        }
        return sorted;

        void Visit(StackResource resource)
        {
            var id = resource.LogicalId;
            if (path.IndexOf(id) is var start and >= 0)
            {
                var circle = string.Join(" → ", path.Skip(start).Append(id));
                problems.Add(new(id), $"a circle of references ({circle})", "references without a circle");
                return;
            }
            if (!done.Contains(id))
            {
                path.Add(id);
                foreach (var dependency in resource.DependsOn)
                {
                    Visit(byId[dependency]);
                }
                path.RemoveAt(path.Count - 1);
                done.Add(id);
                sorted.Add(resource);
            }
        }
    }
}
