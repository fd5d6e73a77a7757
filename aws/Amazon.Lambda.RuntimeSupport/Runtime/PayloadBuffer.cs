namespace Amazon.Lambda.RuntimeSupport.Runtime;

/// <summary>Holds the payload of one invocation after the other; it is read off the wire into place.</summary>
internal sealed class PayloadBuffer
{
    private const int BytesMin = 64 * 1024;

    private byte[] _bytes = [];

    /// <summary>Reads the whole payload; the stream is good until the next one is read.</summary>
    public async Task<MemoryStream> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        Grow((int)Math.Clamp(content.Headers.ContentLength ?? 0, BytesMin, Array.MaxLength - 1) + 1);
        using var stream = await content.ReadAsStreamAsync(cancellation);
        var length = 0;
        int read;
        while ((read = await stream.ReadAsync(_bytes.AsMemory(length), cancellation)) > 0)
        {
            length += read;
            if (length == _bytes.Length)
            {
                Grow(checked(2 * length));
            }
        }
        return new MemoryStream(_bytes, 0, length, writable: false);
    }

    private void Grow(int length)
    {
        if (_bytes.Length < length)
        {
            Array.Resize(ref _bytes, length);
        }
    }
}
