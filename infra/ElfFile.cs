using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Infra;

/// <summary>What a 64-bit little-endian ELF file asks of the system that loads it.</summary>
/// <remarks>Source: System V ABI, "Object files"; Linux Standard Base, "Symbol versioning".</remarks>
public sealed class ElfFile
{
    private const int SectionDynamic = 6;
    private const int SectionVersionNeed = 0x6ffffffe;
    private const int TagNeeded = 1;

    private readonly byte[] _file;
    private readonly List<Section> _sections = [];

    private ElfFile(byte[] file)
    {
        _file = file;
        var headers = (int)Long(0x28);
        int size = Half(0x3A), count = Half(0x3C), names = Half(0x3E);
        for (var index = 0; index < count; index++)
        {
            var at = headers + (index * size);
            _sections.Add(new Section(
                "", Word(at), (int)Word(at + 4), (int)Long(at + 0x18), (int)Long(at + 0x20), (int)Word(at + 0x28)));
        }
        _sections = [.. _sections.Select(section => section with { Name = Text(_sections[names], section.NameAt) })];
    }

    /// <summary>The processor: 62 for x86-64, 183 for 64-bit ARM.</summary>
    public int Machine => Half(0x12);

    /// <summary>The names of its sections.</summary>
    public IEnumerable<string> Sections => _sections.Select(section => section.Name);

    /// <summary>The libraries that must be there when it starts.</summary>
    public IEnumerable<string> Libraries
    {
        get
        {
            foreach (var dynamic in _sections.Where(section => section.Type == SectionDynamic))
            {
                for (var at = dynamic.At; at < dynamic.At + dynamic.Length; at += 16)
                {
                    if (Long(at) == TagNeeded)
                    {
                        yield return Text(_sections[dynamic.Link], (uint)Long(at + 8));
                    }
                }
            }
        }
    }

    /// <summary>The versions of symbols that these libraries must have, such as <c>GLIBC_2.34</c>.</summary>
    public IEnumerable<string> Versions
    {
        get
        {
            foreach (var needs in _sections.Where(section => section.Type == SectionVersionNeed))
            {
                var names = _sections[needs.Link];
                int next;
                for (var library = needs.At; ; library += next)
                {
                    var at = library + (int)Word(library + 8);
                    for (var left = Half(library + 2); left > 0; left--)
                    {
                        yield return Text(names, Word(at + 8));
                        at += (int)Word(at + 12);
                    }
                    next = (int)Word(library + 12);
                    if (next == 0)
                    {
                        break;
                    }
                }
            }
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no such ELF file.</exception>
    public static ElfFile Read(string path)
    {
        var file = File.ReadAllBytes(path);
        return file.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8)
            ? new ElfFile(file)
            : throw new InvalidDataException($"{path} is no ELF file of 64 bits, lowest byte first.");
    }

    private int Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(at));

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(at));

    private long Long(int at) => BinaryPrimitives.ReadInt64LittleEndian(_file.AsSpan(at));

    private string Text(Section strings, uint at)
    {
        var text = _file.AsSpan(strings.At + (int)at);
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
    }

    private sealed record Section(string Name, uint NameAt, int Type, int At, int Length, int Link);
}
