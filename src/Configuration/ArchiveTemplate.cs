using System.Text;
using System.Text.RegularExpressions;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>The name of the archives with borg's placeholders, and which archives it can have named.</summary>
internal sealed partial class ArchiveTemplate
{
    // What may stand between '%' and a directive: flags, a width, a modifier.
    private const string DirectiveFlags = "-_0^#+:123456789EO";

    private static readonly string UniqueIdGlob =
        string.Join('-', new[] { 8, 4, 4, 4, 12 }.Select(count => string.Concat(Enumerable.Repeat("[0-9a-f]", count))));

    // What borg prints for {now} without a format.
    private const string DefaultTimeFormat = "%Y-%m-%dT%H:%M:%S";

    private const string UnclosedBrace = "contains a '{' without '}' (write a literal brace twice)";

    private static readonly string[] SameInEveryRun = ["hostname", "fqdn", "reverse-fqdn", "user"];
    private static readonly string[] Times = ["now", "utcnow"];
    private static readonly string[] OtherInEveryRun = ["uuid4", "pid"];
    private static readonly string[] OtherInSomeRuns = ["borgversion", "borgmajor", "borgminor", "borgpatch"];
    private static readonly string[] Placeholders = [.. SameInEveryRun, .. Times, .. OtherInEveryRun,
        .. OtherInSomeRuns];

    private readonly List<Part> _parts = [];

    private ArchiveTemplate()
    {
    }

    /// <summary>Either literal text (braces already doubled as borg wants them) or a placeholder with its
    /// format.</summary>
    private readonly record struct Part(string Literal, string Placeholder = "", string Format = "")
    {
        public bool IsFixed => Placeholder.Length == 0 || SameInEveryRun.Contains(Placeholder);

        public string Written => Format.Length == 0 ? $"{{{Placeholder}}}" : $"{{{Placeholder}:{Format}}}";
    }

    /// <summary>False if two runs would give their archives the same name.</summary>
    public bool VariesByRun =>
        _parts.Any(part => Times.Contains(part.Placeholder) || OtherInEveryRun.Contains(part.Placeholder));

    /// <summary>True if the names begin with something that is the same in every run.</summary>
    public bool HasFixedPrefix => _parts is [{ IsFixed: true }, ..];

    /// <summary>The first placeholder whose text has no fixed form, so that its glob may match the archives of others:
    /// the host <c>web</c> would prune those of the host <c>web-2</c>. Null if there is none.</summary>
    public string? Vague => _parts.Where(part =>
        Glob(part).Replace("[*]", "", StringComparison.Ordinal).Contains('*', StringComparison.Ordinal))
        .Select(part => part.Written).FirstOrDefault();

    /// <summary>A glob for borg that matches what this template names, and as little else as possible. A plain
    /// <c>{hostname}-*</c> would make the host <c>web</c> prune the archives of the host <c>web-2</c>: what is fixed
    /// stays literal, times become as many digits as they have, and only the rest is a star.</summary>
    public string GlobArchives
    {
        get
        {
            var glob = new StringBuilder();
            foreach (var part in _parts)
                glob.Append(Glob(part));
            return glob.Replace("**", "*").ToString();
        }
    }

    /// <summary>A text as part of a template: what no name of an archive may contain becomes a hyphen.</summary>
    public static string Literal(string text) => NotInNames().Replace(text, "-")
        .Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    /// <summary>Reads a template.</summary>
    /// <param name="problem">What is wrong with it, if null is returned.</param>
    public static ArchiveTemplate? Parse(string text, out string? problem)
    {
        problem = null;
        var template = new ArchiveTemplate();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                literal.Append(text[i]).Append(text[i]);
                i++;
                continue;
            }
            if (text[i] == '}')
                problem = "contains a '}' without '{' (write a literal brace twice)";
            else if (text[i] == '/' || char.IsWhiteSpace(text[i]) || text.AsSpan(i).StartsWith("::"))
                problem = "expected a name without '/', '::' or spaces";
            else if (text[i] == '{')
            {
                template.AddLiteral(literal);
                var end = text.IndexOf('}', i);
                problem = end < 0 ? UnclosedBrace : template.AddPlaceholder(text[(i + 1)..end]);
                i = end;
            }
            else
                literal.Append(text[i]);
            if (problem is not null)
                return null;
        }
        template.AddLiteral(literal);
        return template;
    }

    private void AddLiteral(StringBuilder literal)
    {
        if (literal.Length > 0)
            _parts.Add(new Part(literal.ToString()));
        literal.Clear();
    }

    private string? AddPlaceholder(string text)
    {
        var (name, format) = text.Split(':', 2) is [var left, var right] ? (left, right) : (text, "");
        if (!Placeholders.Contains(name))
        {
            var near = NearestName.Of(name, Placeholders);
            return $"'{{{PlainText.Excerpt(name)}}}' is not a borg placeholder; " + (near is null
                ? $"known: {string.Join(", ", Placeholders)}"
                : $"did you mean '{{{near}}}'?");
        }
        if (format.Contains('{', StringComparison.Ordinal))
            return UnclosedBrace;
        if (format.Contains('/', StringComparison.Ordinal) || format.Any(char.IsWhiteSpace))
            return "expected a name without '/', '::' or spaces";
        _parts.Add(new Part("", name, format));
        return null;
    }

    private static string Glob(Part part) =>
        part.Placeholder.Length == 0 ? EscapeGlob(part.Literal)
        : part.IsFixed ? part.Written
        : Times.Contains(part.Placeholder) ? TimeGlob(part.Format.Length == 0 ? DefaultTimeFormat : part.Format)
        : part is { Placeholder: "uuid4", Format: "" } ? UniqueIdGlob
        : "*";

    private static string TimeGlob(string format)
    {
        var glob = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
                glob.Append(EscapeGlob(format[i].ToString()));
            else if (!DirectiveFlags.Contains(format[++i], StringComparison.Ordinal))
                glob.Append(DirectiveGlob(format[i]));
            else
            {
                // With a flag, as in '%-d', there are not as many digits as usual.
                while (i + 1 < format.Length && DirectiveFlags.Contains(format[i], StringComparison.Ordinal))
                    i++;
                glob.Append('*');
            }
        }
        return glob.ToString();
    }

    private static string DirectiveGlob(char directive) => directive switch
    {
        'Y' or 'G' => Digits(4),
        'm' or 'd' or 'H' or 'I' or 'M' or 'S' or 'y' or 'U' or 'W' or 'V' or 'g' or 'C' => Digits(2),
        'u' or 'w' => Digits(1),
        'j' => Digits(3),
        'f' => Digits(6),
        // Until the year 2286.
        's' => Digits(10),
        // Python leaves names as they are in English.
        'a' or 'b' or 'h' => "[A-Z][a-z][a-z]",
        'p' => "[AP]M",
        'R' => $"{Digits(2)}:{Digits(2)}",
        'F' => $"{Digits(4)}-{Digits(2)}-{Digits(2)}",
        'T' => $"{Digits(2)}:{Digits(2)}:{Digits(2)}",
        '%' => "%",
        _ => "*",
    };

    private static string Digits(int count) => string.Concat(Enumerable.Repeat("[0-9]", count));

    private static string EscapeGlob(string literal) =>
        string.Concat(literal.Select(character =>
            character is '*' or '?' or '[' ? $"[{character}]" : character.ToString()));

    [GeneratedRegex(@"[/\s]|::")]
    private static partial Regex NotInNames();
}
