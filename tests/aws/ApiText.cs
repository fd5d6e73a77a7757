using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Pipeline.Tests.Aws;

/// <summary>The public and protected surface of an assembly as text: one line a type or member, sorted.</summary>
/// <remarks>
/// A member of an interface is <c>default</c> when it has a body, so that an implementation may leave it out. A type
/// that carries a nullable annotation gets <c>?</c> or <c>!</c>; the official packages carry none.
/// </remarks>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // The attributes that change what a caller may write, what is serialized, or what the trimmer keeps.
    private static readonly Type[] Telling =
    [
        typeof(AttributeUsageAttribute), typeof(DataContractAttribute), typeof(DataMemberAttribute),
        typeof(DynamicallyAccessedMembersAttribute), typeof(ExperimentalAttribute), typeof(JsonConverterAttribute),
        typeof(JsonIgnoreAttribute), typeof(JsonPropertyNameAttribute), typeof(ObsoleteAttribute),
    ];

    public static string[] Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(OfType).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> OfType(Type type)
    {
        var name = Name(type);
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            var invoke = type.GetMethod("Invoke")!;
            yield return $"{name} : delegate {Name(invoke.ReturnType)}({Parameters(invoke)})";
            yield break;
        }
        yield return $"{name} : {Attributes(type)}{Kind(type)}{Heritage(type)}{Constraints(type)}";
        foreach (var member in type.GetMembers(Declared))
        {
            var line = member switch
            {
                ConstructorInfo constructor when IsVisible(constructor) =>
                    $".ctor({Parameters(constructor)}) : {Attributes(member)}{Access(constructor)}constructor",
                PropertyInfo property when property.GetAccessors(true).Any(IsVisible) =>
                    $".{member.Name} : {Attributes(member)}{PropertyText(property)}",
                FieldInfo { IsSpecialName: false } field when IsVisible(field) =>
                    $".{member.Name} : {Attributes(member)}{FieldText(field)}",
                MethodInfo method when IsVisible(method) && !IsAccessor(method) =>
                    $".{member.Name}{TypeParameters(method.GetGenericArguments())}({Parameters(method)}) : "
                    + $"{Attributes(member)}{Access(method)}{Slot(method)}"
                    + $"{Name(method.ReturnType)}{Annotation(method.ReturnParameter)}",
                _ => null,
            };
            if (line is not null)
            {
                yield return name + line;
            }
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) =>
        method.DeclaringType!.GetProperties(Declared).Any(property => property.GetAccessors(true).Contains(method));

    private static string Kind(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsEnum: true } => "enum",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Heritage(Type type)
    {
        IEnumerable<Type> bases = type.BaseType is { } parent && parent != typeof(object) ? [parent] : [];
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var own = type.GetInterfaces().Except(inherited).Select(Name).Order(StringComparer.Ordinal);
        var names = bases.Select(Name).Concat(own).ToArray();
        return names.Length == 0 ? "" : " of " + string.Join(", ", names);
    }

    private static string Constraints(Type type) => string.Concat(type.GetGenericArguments().Select(argument =>
    {
        var constraints = Attributes(argument)
            + string.Join(", ", argument.GetGenericParameterConstraints().Select(Name));
        return constraints.Length == 0 ? "" : $" where {argument.Name} is {constraints}";
    }));

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "");

    private static string Slot(MethodInfo method)
    {
        if (!method.IsVirtual || method.IsFinal)
        {
            return "";
        }
        if (method.DeclaringType!.IsInterface)
        {
            return method.IsAbstract ? "" : "default ";
        }
        return method.IsAbstract ? "abstract " : method.GetBaseDefinition() != method ? "override " : "virtual ";
    }

    private static string PropertyText(PropertyInfo property)
    {
        var visible = property.GetAccessors(true).Where(IsVisible).ToArray();
        var get = visible.Contains(property.GetMethod) ? "get; " : "";
        var set = visible.Contains(property.SetMethod) ? "set; " : "";
        var annotation = Annotation(property.PropertyType, new NullabilityInfoContext().Create(property).ReadState);
        return $"{Access(visible[0])}{Slot(visible[0])}{Name(property.PropertyType)}{annotation} {{ {get}{set}}}";
    }

    private static string FieldText(FieldInfo field)
    {
        if (field.IsLiteral)
        {
            var constant = Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture);
            return $"const {Name(field.FieldType)} = {constant}";
        }
        var access = (field.IsPublic ? "" : "protected ")
            + (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var annotation = Annotation(field.FieldType, new NullabilityInfoContext().Create(field).ReadState);
        return access + Name(field.FieldType) + annotation;
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var mode = parameter.ParameterType.IsByRef ? "ref " : "";
        return $"{mode}{Name(parameter.ParameterType)}{Annotation(parameter)} {parameter.Name}";
    }));

    private static string Annotation(ParameterInfo parameter) =>
        Annotation(parameter.ParameterType, new NullabilityInfoContext().Create(parameter).ReadState);

    private static string Annotation(Type type, NullabilityState state) =>
        type.IsValueType || type.IsByRef || type.IsGenericParameter ? "" : state switch
        {
            NullabilityState.Nullable => "?",
            NullabilityState.NotNull => "!",
            _ => "",
        };

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }
        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }
        var plain = type.Name.Split('`')[0];
        var scope = type.IsNested ? Name(type.DeclaringType!) : type.Namespace;
        return Keyword(type) ?? $"{scope}.{plain}{TypeParameters(type.GetGenericArguments())}";
    }

    private static string? Keyword(Type type) =>
        type == typeof(void) ? "void" : type == typeof(string) ? "string" : type == typeof(object) ? "object"
        : type == typeof(bool) ? "bool" : type == typeof(byte) ? "byte" : type == typeof(int) ? "int" : null;

    private static string TypeParameters(Type[] arguments) =>
        arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Name))}>";

    private static string Attributes(MemberInfo member) => string.Concat(member.GetCustomAttributesData()
        .Where(attribute => Telling.Contains(attribute.AttributeType))
        .Select(AttributeText).Order(StringComparer.Ordinal));

    private static string AttributeText(CustomAttributeData attribute)
    {
        var named = attribute.NamedArguments.Select(
            argument => $"{argument.MemberName} = {Value(argument.TypedValue)}");
        var arguments = attribute.ConstructorArguments.Select(Value).Concat(named);
        var name = attribute.AttributeType.Name[..^"Attribute".Length];
        return $"[{name}({string.Join(", ", arguments)})] ";
    }

    private static string Value(CustomAttributeTypedArgument argument) => argument switch
    {
        { ArgumentType.IsEnum: true } =>
            Enum.ToObject(argument.ArgumentType, argument.Value!).ToString()!.Replace(", ", " | "),
        { Value: string text } => $"\"{text}\"",
        { Value: bool flag } => flag ? "true" : "false",
        _ => Convert.ToString(argument.Value, CultureInfo.InvariantCulture) ?? "null",
    };
}
