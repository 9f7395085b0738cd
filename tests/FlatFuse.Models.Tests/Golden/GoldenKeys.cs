using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Names in a case: keys of settings that a runner must understand, and keys of a history in the reference's spelling or in ours.</summary>
internal static partial class GoldenKeys
{
    /// <summary>Fails for a key that this runner would silently pass over: the case would be another one.</summary>
    public static void RefuseUnknown(JsonObject json, string where, params ReadOnlySpan<string> known)
    {
        foreach ((string key, JsonNode? value) in json)
            Assert.True(value is null || known.Contains(key), $"The runner does not understand '{key}' in {where}; it knows {string.Join(", ", known.ToArray())}.");
    }

    /// <summary>
    /// One spelling for a key: the reference writes <c>val_RootMeanSquaredError</c>, this library <c>val_root_mean_squared_error</c>, and only
    /// three metrics have short names.
    /// </summary>
    public static string Canonical(string key)
    {
        string joined = key.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        return SquaredError().Replace(joined.Replace("meanabsoluteerror", "mae", StringComparison.Ordinal), "mse");
    }

    /// <summary>Our spelling of a key of a case.</summary>
    public static string Find(string wanted, IEnumerable<string> ours)
    {
        string[] found = [.. ours.Where(key => Canonical(key) == Canonical(wanted))];
        Assert.True(found.Length == 1, $"'{wanted}' is spelled by {found.Length} of the keys {string.Join(", ", ours)}.");
        return found[0];
    }

    [GeneratedRegex("(?<!root)meansquarederror")]
    private static partial Regex SquaredError();
}
