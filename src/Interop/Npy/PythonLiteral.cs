namespace FlatFuse.Interop;

/// <summary>Reads the few kinds of Python literal that an npy header is made of.</summary>
internal struct PythonLiteral(string text, string what)
{
    private int _position;

    /// <summary>Skips blanks and takes a character if it stands here.</summary>
    public bool Take(char character)
    {
        SkipBlanks();
        if (_position >= text.Length || text[_position] != character)
            return false;
        _position++;
        return true;
    }

    public void Expect(char character)
    {
        if (!Take(character))
            throw Error($"expected '{character}' at position {_position}");
    }

    public string String()
    {
        char quote = Take('\'') ? '\'' : '"';
        if (quote == '"')
            Expect('"');
        int end = text.IndexOf(quote, _position);
        if (end < 0)
            throw Error($"the text that starts at position {_position} has no end");
        string value = text[_position..end];
        _position = end + 1;
        return value;
    }

    public bool Boolean()
    {
        SkipBlanks();
        if (string.CompareOrdinal(text, _position, "True", 0, 4) == 0)
        {
            _position += 4;
            return true;
        }
        if (string.CompareOrdinal(text, _position, "False", 0, 5) == 0)
        {
            _position += 5;
            return false;
        }
        throw Error($"expected True or False at position {_position}");
    }

    public int[] Tuple()
    {
        var sizes = new List<int>();
        Expect('(');
        while (!Take(')'))
        {
            sizes.Add(Number());
            if (!Take(','))
            {
                Expect(')');
                break;
            }
        }
        return sizes.ToArray();
    }

    public void End()
    {
        SkipBlanks();
        if (_position < text.Length)
            throw Error($"expected the end at position {_position}");
    }

    public readonly InvalidDataException Error(string problem)
        => new($"{what}: the header {text.TrimEnd()} is not understood: {problem}.");

    private void SkipBlanks()
    {
        while (_position < text.Length && text[_position] is (' ' or '\n' or '\t' or '\r'))
            _position++;
    }

    private int Number()
    {
        SkipBlanks();
        long value = 0;
        int start = _position;
        for (; _position < text.Length && char.IsAsciiDigit(text[_position]); _position++)
            value = Math.Min(value * 10 + (text[_position] - '0'), int.MaxValue + 1L);
        if (_position == start || value > int.MaxValue)
            throw Error($"expected a size up to {int.MaxValue} at position {start}");
        // Python 2 wrote long sizes as 10L.
        Take('L');
        return (int)value;
    }
}
