using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Core;

/// <summary>Arithmetic on one or several 32-bit words at once: what MD5 needs of them.</summary>
internal interface ILane<TLane>
    where TLane : struct, ILane<TLane>
{
    static abstract TLane Of(uint value);

    static abstract TLane RotateLeft(TLane value, [ConstantExpected] int bits);

    static abstract TLane operator +(TLane left, TLane right);

    static abstract TLane operator &(TLane left, TLane right);

    static abstract TLane operator |(TLane left, TLane right);

    static abstract TLane operator ^(TLane left, TLane right);

    static abstract TLane operator ~(TLane value);
}

/// <summary>One word.</summary>
internal readonly struct OneLane(uint value) : ILane<OneLane>
{
    public readonly uint Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Of(uint value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane RotateLeft(OneLane value, [ConstantExpected] int bits) =>
        new(BitOperations.RotateLeft(value.Value, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator +(OneLane left, OneLane right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator &(OneLane left, OneLane right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator |(OneLane left, OneLane right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator ^(OneLane left, OneLane right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane operator ~(OneLane value) => new(~value.Value);
}

/// <summary>Eight words, one of each of eight messages.</summary>
internal readonly struct EightLanes(Vector256<uint> value) : ILane<EightLanes>
{
    public const int Count = 8;

    public readonly Vector256<uint> Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Of(uint value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes RotateLeft(EightLanes value, [ConstantExpected] int bits) =>
        new((value.Value << bits) | (value.Value >>> (32 - bits)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator +(EightLanes left, EightLanes right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator &(EightLanes left, EightLanes right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator |(EightLanes left, EightLanes right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator ^(EightLanes left, EightLanes right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator ~(EightLanes value) => new(~value.Value);
}
