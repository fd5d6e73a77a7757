using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pipeline.Core;

/// <summary>
/// Hashes many messages of any lengths, eight side by side: MD5 is a chain that cannot be cut, but chains can run
/// abreast.
/// </summary>
/// <remarks>
/// Side by side needs AVX2, which every x86-64 Lambda has; elsewhere, and when compiled ahead of time without it, the
/// messages are hashed one after the other. Not safe for several threads at once. Reusable: <see cref="Clear"/> starts
/// anew.
/// </remarks>
internal sealed class Md5Many
{
    private const int LaneCount = EightLanes.Count;

    private readonly byte[] _tails = new byte[LaneCount * Md5.TailBytesMax];
    private readonly Lane[] _lanes = new Lane[LaneCount];
    private readonly uint[] _state = new uint[Md5.DigestBytes / sizeof(uint) * LaneCount];
    private readonly List<Message> _messages = [];
    private byte[] _digests = [];

    public int Count => _messages.Count;

    public void Clear() => _messages.Clear();

    /// <summary>Adds a message; its bytes must stay as they are until <see cref="Run"/>.</summary>
    public void Add(byte[] buffer, int start, int length) => _messages.Add(new Message(buffer, start, length));

    /// <summary>
    /// The digest of a message, in the order added; valid after <see cref="Run"/> until <see cref="Clear"/>.
    /// </summary>
    public ReadOnlySpan<byte> Digest(int index) => _digests.AsSpan(index * Md5.DigestBytes, Md5.DigestBytes);

    /// <summary>Hashes all messages added.</summary>
    public void Run()
    {
        if (_digests.Length < _messages.Count * Md5.DigestBytes)
        {
            _digests = new byte[(_messages.Count + LaneCount) * 2 * Md5.DigestBytes];
        }
        if (Vector256.IsHardwareAccelerated && Avx2.IsSupported)
        {
            RunAbreast();
            return;
        }
        for (var i = 0; i < _messages.Count; i++)
        {
            var (buffer, start, length) = _messages[i];
            Md5.Hash(buffer.AsSpan(start, length), _digests.AsSpan(i * Md5.DigestBytes, Md5.DigestBytes));
        }
    }

    private void RunAbreast()
    {
        var next = 0;
        var active = 0;
        do
        {
            for (var lane = 0; lane < LaneCount && next < _messages.Count; lane++)
            {
                if (_lanes[lane].BlocksLeft == 0)
                {
                    Load(lane, next++);
                    active++;
                }
            }
            if (active > 1)
            {
                active -= Advance();
            }
        }
        while (next < _messages.Count || active > 1);
        if (active == 1)
        {
            FinishAlone();
        }
    }

    private void Load(int lane, int index)
    {
        var message = _messages[index];
        var whole = message.Length / Md5.BlockBytes;
        var rest = message.Buffer.AsSpan(message.Start + whole * Md5.BlockBytes, message.Length % Md5.BlockBytes);
        var tail = Md5.WriteTail(rest, message.Length, _tails.AsSpan(lane * Md5.TailBytesMax, Md5.TailBytesMax));
        _lanes[lane] = new Lane
        {
            Buffer = message.Buffer,
            At = message.Start,
            BlocksLeft = whole,
            TailBlocks = tail / Md5.BlockBytes,
            Index = index,
        };
        var start = Md5Block<OneLane>.Start;
        _state[lane] = start.A.Value;
        _state[LaneCount + lane] = start.B.Value;
        _state[2 * LaneCount + lane] = start.C.Value;
        _state[3 * LaneCount + lane] = start.D.Value;
        if (whole == 0)
        {
            TurnToTail(lane);
        }
    }

    private void TurnToTail(int index)
    {
        ref var lane = ref _lanes[index];
        lane.Buffer = _tails;
        lane.At = index * Md5.TailBytesMax;
        lane.BlocksLeft = lane.TailBlocks;
        lane.TailBlocks = 0;
    }

    /// <summary>Runs all lanes for as many blocks as the shortest has; answers how many messages that ended.</summary>
    private int Advance()
    {
        var blocks = int.MaxValue;
        var busy = 0;
        for (var lane = 0; lane < LaneCount; lane++)
        {
            if (_lanes[lane].BlocksLeft > 0)
            {
                blocks = Math.Min(blocks, _lanes[lane].BlocksLeft);
                busy = lane;
            }
        }
        for (var lane = 0; lane < LaneCount; lane++)
        {
            if (_lanes[lane].BlocksLeft == 0)
            {
                // An idle lane reads along with a busy one; its result is never looked at.
                _lanes[lane].Buffer = _lanes[busy].Buffer;
                _lanes[lane].At = _lanes[busy].At;
            }
        }
        CompressBlocks(blocks);
        var ended = 0;
        for (var lane = 0; lane < LaneCount; lane++)
        {
            ended += Leave(lane, blocks);
        }
        return ended;
    }

    private int Leave(int index, int blocks)
    {
        ref var lane = ref _lanes[index];
        if (lane.BlocksLeft == 0)
        {
            return 0;
        }
        lane.At += blocks * Md5.BlockBytes;
        lane.BlocksLeft -= blocks;
        if (lane.BlocksLeft > 0)
        {
            return 0;
        }
        if (lane.TailBlocks > 0)
        {
            TurnToTail(index);
            return 0;
        }
        var state = StateOf(index);
        WriteDigest(lane.Index, state);
        return 1;
    }

    private void CompressBlocks(int blocks)
    {
        Span<EightLanes> words = stackalloc EightLanes[Md5Block<EightLanes>.WordCount];
        ref var state = ref Unsafe.As<uint, Md5State<EightLanes>>(ref _state[0]);
        for (var offset = 0; offset < blocks * Md5.BlockBytes; offset += Md5.BlockBytes)
        {
            Gather(offset, words);
            Md5Block<EightLanes>.Compress(ref state, ref words[0]);
        }
    }

    /// <summary>Makes vector i hold word i of each lane's block.</summary>
    private void Gather(int offset, Span<EightLanes> words)
    {
        GatherHalf(offset, words[..LaneCount]);
        GatherHalf(offset + Md5.BlockBytes / 2, words[LaneCount..]);
    }

    /// <summary>
    /// An 8 x 8 transposition: words interleave in pairs, pairs in fours, then the halves change places.
    /// </summary>
    private void GatherHalf(int offset, Span<EightLanes> words)
    {
        var (ab0, ab1) = Interleave(Row(0, offset), Row(1, offset));
        var (cd0, cd1) = Interleave(Row(2, offset), Row(3, offset));
        var (ef0, ef1) = Interleave(Row(4, offset), Row(5, offset));
        var (gh0, gh1) = Interleave(Row(6, offset), Row(7, offset));
        var (low0, low1) = InterleavePairs(ab0, cd0);
        var (low2, low3) = InterleavePairs(ab1, cd1);
        var (high0, high1) = InterleavePairs(ef0, gh0);
        var (high2, high3) = InterleavePairs(ef1, gh1);
        Join(words, 0, low0, high0);
        Join(words, 1, low1, high1);
        Join(words, 2, low2, high2);
        Join(words, 3, low3, high3);
    }

    private Vector256<uint> Row(int lane, int offset) =>
        Vector256.Create<byte>(_lanes[lane].Buffer.AsSpan(_lanes[lane].At + offset, Vector256<byte>.Count)).AsUInt32();

    private static (Vector256<uint> Low, Vector256<uint> High) Interleave(
        Vector256<uint> left, Vector256<uint> right) =>
        (Avx2.UnpackLow(left, right), Avx2.UnpackHigh(left, right));

    private static (Vector256<ulong> Low, Vector256<ulong> High) InterleavePairs(
        Vector256<uint> left, Vector256<uint> right) =>
        (Avx2.UnpackLow(left.AsUInt64(), right.AsUInt64()), Avx2.UnpackHigh(left.AsUInt64(), right.AsUInt64()));

    private static void Join(Span<EightLanes> words, int index, Vector256<ulong> low, Vector256<ulong> high)
    {
        words[index] = new EightLanes(Avx2.Permute2x128(low, high, 0x20).AsUInt32());
        words[index + LaneCount / 2] = new EightLanes(Avx2.Permute2x128(low, high, 0x31).AsUInt32());
    }

    private void FinishAlone()
    {
        for (var index = 0; index < LaneCount; index++)
        {
            if (_lanes[index].BlocksLeft == 0)
            {
                continue;
            }
            var state = StateOf(index);
            Md5.Compress(ref state, Rest(index));
            if (_lanes[index].TailBlocks > 0)
            {
                TurnToTail(index);
                Md5.Compress(ref state, Rest(index));
            }
            WriteDigest(_lanes[index].Index, state);
            _lanes[index].BlocksLeft = 0;
        }
    }

    private ReadOnlySpan<byte> Rest(int lane) =>
        _lanes[lane].Buffer.AsSpan(_lanes[lane].At, _lanes[lane].BlocksLeft * Md5.BlockBytes);

    private Md5State<OneLane> StateOf(int lane) => new()
    {
        A = new OneLane(_state[lane]),
        B = new OneLane(_state[LaneCount + lane]),
        C = new OneLane(_state[2 * LaneCount + lane]),
        D = new OneLane(_state[3 * LaneCount + lane]),
    };

    private void WriteDigest(int index, in Md5State<OneLane> state) =>
        Md5.Write(state, _digests.AsSpan(index * Md5.DigestBytes, Md5.DigestBytes));

    private readonly record struct Message(byte[] Buffer, int Start, int Length);

    private struct Lane
    {
        public byte[] Buffer;
        public int At;
        public int BlocksLeft;
        public int TailBlocks;
        public int Index;
    }
}
