namespace FlatFuse.Layers;

/// <summary>How category ids leave a preprocessing layer.</summary>
public enum CategoryMode
{
    /// <summary>As they are (<c>int</c>).</summary>
    Int,

    /// <summary>A vector of zeros with a one at the id (<c>one_hot</c>); a last axis of size 1 is replaced, another one stays.</summary>
    OneHot,

    /// <summary>One vector for the last axis, with ones at the ids that occur in it (<c>multi_hot</c>).</summary>
    MultiHot,

    /// <summary>One vector for the last axis that tells how often each id occurs in it (<c>count</c>).</summary>
    Count,
}
