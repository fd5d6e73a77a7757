namespace Pipeline.Engine.Template;

/// <summary>Every type of resource that a template may hold here.</summary>
internal static class ResourceTypes
{
    private static readonly Dictionary<string, ResourceType> s_types = new ResourceType[]
    {
        new StreamType(),
        new StreamConsumerType(),
        new BucketType(),
        new FunctionType(),
        new EventSourceMappingType(),
        new DeliveryStreamType(),
        new QueueType(),
        new IgnoredType("AWS::CDK::Metadata", "it describes the template"),
        new IgnoredType("AWS::CloudWatch::Alarm", "nothing is watched here"),
        new IgnoredType("AWS::CloudWatch::CompositeAlarm", "nothing is watched here"),
        new IgnoredType("AWS::CloudWatch::Dashboard", "nothing is watched here"),
        new IgnoredType("AWS::IAM::ManagedPolicy", "permissions are not enforced here"),
        new IgnoredType("AWS::IAM::Policy", "permissions are not enforced here"),
        new IgnoredType("AWS::IAM::Role", "permissions are not enforced here"),
        new IgnoredType("AWS::Kinesis::ResourcePolicy", "permissions are not enforced here"),
        new IgnoredType("AWS::KMS::Alias", "nothing is encrypted here"),
        new IgnoredType("AWS::KMS::Key", "nothing is encrypted here"),
        new IgnoredType("AWS::Lambda::Permission", "permissions are not enforced here"),
        new IgnoredType("AWS::Logs::LogGroup", "the run itself reads what functions write"),
        new IgnoredType("AWS::Logs::LogStream", "the run itself reads what functions write"),
        new IgnoredType("AWS::Logs::MetricFilter", "nothing is watched here"),
        new IgnoredType("AWS::S3::BucketPolicy", "permissions are not enforced here"),
        new IgnoredType("AWS::SQS::QueuePolicy", "permissions are not enforced here"),
    }.ToDictionary(type => type.Type, StringComparer.Ordinal);

    /// <summary>The types, those that run first.</summary>
    public static IEnumerable<string> Names => s_types.Keys;

    /// <summary>What is known of a type; null when nothing is.</summary>
    public static ResourceType? Find(string type) => s_types.GetValueOrDefault(type);
}
