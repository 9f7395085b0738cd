namespace FlatFuse.Training;

/// <summary>
/// Losses, metrics, optimizers and schedules by the name they have in Keras's JSON, and back: closed tables, no reflection. The JSON form is
/// <c>{"class_name": …, "config": {…}}</c>; a missing key has Keras 3's default, an unknown one is refused.
/// </summary>
public static partial class TrainingRegistry
{
}
