using NJsonSchema;

namespace Pipeline.Bench;

/// <summary>The same schema and data in NJsonSchema, which parses a document first.</summary>
public sealed class DocumentValidator(Readings readings)
{
    private readonly JsonSchema _schema = JsonSchema.FromJsonAsync(Readings.SchemaText).GetAwaiter().GetResult();
    private readonly string[] _texts = [.. readings.DataTexts];

    /// <summary>Validates each order; answers how many are valid.</summary>
    public int Validate() => _texts.Count(text => _schema.Validate(text).Count == 0);
}
