namespace Amazon.Lambda.Core;

/// <summary>Names the serializer of every handler in an assembly, or of one handler.</summary>
/// <param name="serializerType">An <see cref="ILambdaSerializer"/> with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly, AllowMultiple = false)]
public sealed class LambdaSerializerAttribute(Type serializerType) : Attribute
{
    /// <summary>The serializer's type.</summary>
    public Type SerializerType { get; set; } = serializerType;
}
