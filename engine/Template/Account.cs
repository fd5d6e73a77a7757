using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Engine.Template;

/// <summary>
/// The account, region and stack that every template sees: fixed, so that equal inputs give equal bytes.
/// </summary>
public static class Account
{
    public const string Region = "us-east-1";

    /// <summary>The account number that AWS uses in its examples.</summary>
    public const string Id = "123456789012";

    public const string Partition = "aws";

    public const string UrlSuffix = "amazonaws.com";

    public const string StackName = "Pipeline";

    /// <summary>The ARN of a regional resource.</summary>
    public static string Arn(string service, string resource) =>
        $"arn:{Partition}:{service}:{Region}:{Id}:{resource}";

    /// <summary>
    /// A UUID derived from a name: version 8 of RFC 9562, from the first 16 bytes of the name's SHA-256.
    /// </summary>
    public static Guid Uuid(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
