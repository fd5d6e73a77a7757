using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>How a stream encrypts its records at rest.</summary>
/// <param name="value">The service's word for it; also one that this version does not know.</param>
public class EncryptionType(string value) : ConstantClass(value)
{
    /// <summary>With a key of AWS KMS.</summary>
    public static readonly EncryptionType KMS = new("KMS");

    /// <summary>Not at all.</summary>
    public static readonly EncryptionType NONE = new("NONE");

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static EncryptionType FindValue(string value) => FindValue<EncryptionType>(value);

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static implicit operator EncryptionType(string value) => FindValue(value);
}
