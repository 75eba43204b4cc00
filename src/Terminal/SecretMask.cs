using System.Text;

namespace Assimilator.Terminal;

/// <summary>Takes known secrets out of text, also in the forms in which a server or a library may send them back.</summary>
internal sealed class SecretMask(IEnumerable<string> secrets)
{
    private const string Hidden = "***";

    /// <summary>What is shorter would take half of every message along.</summary>
    private const int ShortestSecret = 4;

    /// <summary>So much of a secret is enough to know it by: messages cut long texts, and a line may end within one.</summary>
    private const int Beginning = 24;

    private readonly string[] _forms = [.. secrets.Where(IsLongEnough).SelectMany(Forms).Where(IsLongEnough).Distinct()];

    public string Apply(string text)
    {
        var escaped = new EscapedText(text);
        var isHidden = new bool[text.Length];
        foreach (var form in _forms)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (escaped.LengthOf(form, i, Beginning) is > 0 and var length)
                {
                    isHidden.AsSpan(i, length).Fill(true);
                    i += length - 1;
                }
            }
        }
        var shown = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!isHidden[i])
                shown.Append(text[i]);
            else if (i == 0 || !isHidden[i - 1])
                shown.Append(Hidden);
        }
        return shown.ToString();
    }

    private static bool IsLongEnough(string text) => text.Length >= ShortestSecret;

    /// <summary>What there is to look for, besides all escapes of it.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        // Each byte as a character: so the head of an answer is read, and so %C3%BC stands for two.
        return [secret, Encoding.Latin1.GetString(bytes), Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), .. Base64(bytes)];
    }

    /// <summary>In both alphabets, and also as a part of something longer (<c>user:password</c>): what stands in front shifts
    /// it by up to two bytes, and the characters at both ends then depend on the neighbours.</summary>
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        for (var shift = 0; shift < 3; shift++)
        {
            var all = Convert.ToBase64String([.. new byte[shift], .. bytes]).TrimEnd('=');
            // The characters that hold nothing but bits of the secret; the last one without a shift as it ends a text.
            var first = (shift * 8 + 5) / 6;
            var inner = all[first..((shift + bytes.Length) * 8 / 6)];
            foreach (var form in shift == 0 ? [all, inner] : new[] { inner })
            {
                yield return form;
                yield return form.Replace('+', '-').Replace('/', '_');
            }
        }
    }
}
