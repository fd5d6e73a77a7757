namespace Pipeline.Engine.Template;

/// <summary>A place in a template: a logical id or section, and the path of a property below it.</summary>
internal readonly record struct Place(string Path)
{
    /// <summary>The member of an object.</summary>
    public Place Of(string name) => new($"{Path}.{name}");

    /// <summary>The element of a list, counting from 0.</summary>
    public Place At(int index) => new($"{Path}[{index}]");

    public override string ToString() => Path;
}

/// <summary>The problems of one template, in the order found, each once.</summary>
internal sealed class Problems(string file)
{
    private readonly List<string> _found = [];

    public IReadOnlyList<string> Found => _found;

    /// <summary>The template's name.</summary>
    public string File => file;

    /// <summary>Says what a place holds and what the engine honours there.</summary>
    public void Add(Place place, string found, string honoured) =>
        Add($"{file}: {place}: found {found}; honoured: {honoured}.");

    /// <summary>Says it in a sentence of its own.</summary>
    public void Add(string sentence)
    {
        // A name is evaluated wherever it is referred to; its problem is told once.
        if (!_found.Contains(sentence))
        {
            _found.Add(sentence);
        }
    }
}
