using System.Text.Json.Nodes;

namespace FlatFuse.Training;

/// <summary>
/// Losses, metrics, optimizers and schedules by the name they have in Keras's JSON, and back: closed tables, no reflection. The JSON form is
/// <c>{"class_name": …, "config": {…}}</c>; a missing key has Keras 3's default, an unknown one is refused.
/// </summary>
public static partial class TrainingRegistry
{
    private static (string ClassName, JsonObject? Config) Split(JsonNode description, string what)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (description is JsonValue value && value.TryGetValue(out string? name))
            return (name, null);
        return description is JsonObject o && o["class_name"] is JsonValue className && className.TryGetValue(out string? text)
            ? (text, o["config"] as JsonObject)
            : throw new ArgumentException($"{what}: expected {{\"class_name\": …, \"config\": {{…}}}} or a name; received {description.ToJsonString()}.", nameof(description));
    }

    private static JsonObject Describe(string className, params ReadOnlySpan<(string Key, JsonNode? Value)> config)
    {
        var inner = new JsonObject();
        foreach ((string key, JsonNode? value) in config)
            inner.Add(key, value);
        return new JsonObject { ["class_name"] = className, ["config"] = inner };
    }

    private static ArgumentException Unknown(string what, string className, string known)
        => new($"There is no {what} named '{className}'; known are {known}.", nameof(className));

    private static NotSupportedException CannotDescribe(string what, object value)
        => new($"{what} {value.GetType().Name} is no part of FlatFuse, so it has no JSON form: save without compile settings and compile again after loading.");
}
