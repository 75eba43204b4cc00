using System.Text;
using System.Text.RegularExpressions;
using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed partial class ArchiveTemplateTests
{
    // In the expected globs, # stands for [0-9] and ~ for [0-9a-f].
    private const string Date = "####-##-##";
    private const string Time = "##:##:##";

    [Theory]
    [InlineData("{hostname}-{now:%Y-%m-%dT%H:%M:%S}", "{hostname}-" + Date + "T" + Time)]
    [InlineData("{hostname}-{now}", "{hostname}-" + Date + "T" + Time)]
    [InlineData("{hostname}-{utcnow}", "{hostname}-" + Date + "T" + Time)]
    [InlineData("{fqdn}_{reverse-fqdn}_{user}_{utcnow:%F_%T}", "{fqdn}_{reverse-fqdn}_{user}_" + Date + "_" + Time)]
    [InlineData("db-{now:%y%m%d}", "db-######")]
    [InlineData("db-{now:%j.%f}", "db-###.######")]
    [InlineData("db-{now:%Y-W%V-%U-%W}", "db-####-W##-##-##")]
    [InlineData("db-{now:%I%p}", "db-##[AP]M")]
    [InlineData("db-{now:%a-%d-%b-%h}", "db-[A-Z][a-z][a-z]-##-[A-Z][a-z][a-z]-[A-Z][a-z][a-z]")]
    [InlineData("db-{now:%s}", "db-##########")]
    [InlineData("db-{now:%G-W%V-%u}", "db-####-W##-#")]
    [InlineData("db-{now:%R}", "db-##:##")]
    [InlineData("db-{now:%Y-%-m-%-d}", "db-####-*-*")]
    [InlineData("db-{now:%Y-%_m}", "db-####-*")]
    [InlineData("db-{now:%Od.%:z}", "db-*.*")]
    [InlineData("db-{now:%A-%B}", "db-*-*")]
    [InlineData("db-{now:%A%B}", "db-*")]
    [InlineData("db-{now:100%%-%Y}", "db-100%-####")]
    [InlineData("db-{now:%Y%}", "db-####%")]
    [InlineData("db-{now:*[%Y]?}", "db-[*][[]####][?]")]
    [InlineData("db-{pid}", "db-*")]
    [InlineData("db-{pid}-{borgversion}-x", "db-*-*-x")]
    [InlineData("db-{pid}{borgversion}", "db-*")]
    [InlineData("db-{uuid4}", "db-~~~~~~~~-~~~~-~~~~-~~~~-~~~~~~~~~~~~")]
    [InlineData("db*?[x]-{now:%Y}", "db[*][?][[]x]-####")]
    [InlineData("a**b-{now:%Y}", "a[*][*]b-####")]
    [InlineData("{{db}}-{now:%Y}", "{{db}}-####")]
    [InlineData("{{{hostname}}}-{now:%Y}", "{{{hostname}}}-####")]
    [InlineData("{hostname:.3}-{now:%Y}", "{hostname:.3}-####")]
    [InlineData("größer-{now:%Y}", "größer-####")]
    [InlineData("plain", "plain")]
    public void Makes_a_glob(string template, string expected) => Assert.Equal(
        expected.Replace("#", "[0-9]", StringComparison.Ordinal).Replace("~", "[0-9a-f]", StringComparison.Ordinal),
        Parse(template).GlobArchives);

    [Theory]
    [InlineData("{hostname}-{now:%Y-%m-%dT%H:%M:%S}", "web-2026-01-02T03:04:05")]
    [InlineData("{hostname}-{now}", "web-2026-01-02T03:04:05")]
    [InlineData("{hostname}-{now:%s}", "web-1767323045")]
    [InlineData("{hostname}-{now:%Y-%-m-%-d}", "web-2026-1-2")]
    [InlineData("{hostname}-{now:%Y-%-m-%-d}", "web-2026-11-22")]
    [InlineData("{hostname}-{now:%d.%b.%y}", "web-02.Jan.26")]
    [InlineData("{hostname}-{uuid4}", "web-0b5d5a2e-6a49-4a5c-9d0f-2f9f1d3c7a10")]
    [InlineData("{hostname}-{pid}", "web-4711")]
    [InlineData("{hostname:.2}-{now:%Y}", "we-2026")]
    [InlineData("{fqdn}-{borgversion}-{now:%Y}", "web.example.org-1.2.4-2026")]
    [InlineData("{{x}}*?[a]-{now:%Y}", "{x}*?[a]-2026")]
    public void Matches_its_own_archives(string template, string name) => Assert.Matches(Matcher(template), name);

    [Theory]
    [InlineData("{hostname}-{now:%Y-%m-%dT%H:%M:%S}", "web-2-2026-01-02T03:04:05")]
    [InlineData("{hostname}-{now:%Y-%m-%dT%H:%M:%S}", "web-2026-2026-01-02T03:04:05")]
    [InlineData("{hostname}-{now:%Y-%m-%dT%H:%M:%S}", "my-web-2026-01-02T03:04:05")]
    [InlineData("{hostname}-{now:%Y-%m-%dT%H:%M:%S}", "web-2026-01-02T03:04:05-2")]
    [InlineData("{hostname}-{now}", "web-2-2026-01-02T03:04:05")]
    [InlineData("{hostname}-{now:%Y%m%d}", "web-2-20260102")]
    [InlineData("{hostname}-{now:%F_%T}", "web-2-2026-01-02_03:04:05")]
    [InlineData("{hostname}-{now:%s}", "web-2-1767323045")]
    [InlineData("{hostname}-{now:%R}", "web-2-03:04")]
    [InlineData("{hostname}-{uuid4}", "web-2-0b5d5a2e-6a49-4a5c-9d0f-2f9f1d3c7a10")]
    [InlineData("{hostname}-{now:%d.%b.%y}", "web-2-02.Jan.26")]
    [InlineData("{hostname}-{now:%b-%d-%Y}", "web-2-Jan-02-2026")]
    [InlineData("{{x}}*?[a]-{now:%Y}", "{x}ab[a]-2026")]
    [InlineData("{{x}}*?[a]-{now:%Y}", "{x}*?a-2026")]
    [InlineData("a.b-{now:%Y}", "axb-2026")]
    public void Does_not_match_the_archives_of_others(string template, string name) =>
        Assert.DoesNotMatch(Matcher(template), name);

    [Theory]
    [InlineData("{hostname}-{now}", true)]
    [InlineData("{hostname}-{utcnow:%s}", true)]
    [InlineData("db-{pid}", true)]
    [InlineData("db-{uuid4}", true)]
    [InlineData("{hostname}-{user}-{fqdn}-{reverse-fqdn}", false)]
    [InlineData("db-{borgversion}-{borgmajor}-{borgminor}-{borgpatch}", false)]
    [InlineData("db-{{now}}", false)]
    [InlineData("db", false)]
    public void Knows_whether_two_runs_differ(string template, bool varies) =>
        Assert.Equal(varies, Parse(template).VariesByRun);

    [Theory]
    [InlineData("{hostname}-{now}", true)]
    [InlineData("{user}{now}", true)]
    [InlineData("db-{now}", true)]
    [InlineData("{{{now}", true)]
    [InlineData("{now}-{hostname}", false)]
    [InlineData("{pid}-db", false)]
    [InlineData("{borgversion}-{now}", false)]
    public void Knows_whether_the_names_begin_alike(string template, bool hasFixedPrefix) =>
        Assert.Equal(hasFixedPrefix, Parse(template).HasFixedPrefix);

    [Theory]
    [InlineData("{hostname}-{now:%a.%d.%b.%Y-%I%p}-{uuid4}", null)]
    [InlineData("a*b-{{x}}-{user:.3}-{utcnow:100%%*}", null)]
    [InlineData("{hostname}-{now:%B}-{pid}", "{now:%B}")]
    [InlineData("{hostname}-{now:%Y-%-m}", "{now:%Y-%-m}")]
    [InlineData("{hostname}-{pid}", "{pid}")]
    [InlineData("{hostname}-{borgversion}-{now}", "{borgversion}")]
    [InlineData("{hostname}-{uuid4:x}", "{uuid4:x}")]
    public void Knows_what_has_no_fixed_form(string template, string? placeholder) => Assert.Equal(placeholder, Parse(template).Vague);

    [Theory]
    [InlineData("{hostnam}-{now}", "'{hostnam}' is not a borg placeholder; did you mean '{hostname}'?")]
    [InlineData("{Hostname}-{now}", "'{Hostname}' is not a borg placeholder; did you mean '{hostname}'?")]
    [InlineData("{nwo:%Y}", "'{nwo}' is not a borg placeholder; did you mean '{now}'?")]
    [InlineData("{date}", "'{date}' is not a borg placeholder; known: hostname, fqdn, reverse-fqdn, user, "
        + "now, utcnow, uuid4, pid, borgversion, borgmajor, borgminor, borgpatch")]
    [InlineData("{}-{now}", "'{}' is not a borg placeholder; known: hostname, fqdn, reverse-fqdn, user, "
        + "now, utcnow, uuid4, pid, borgversion, borgmajor, borgminor, borgpatch")]
    [InlineData("{hostname!r}", "'{hostname!r}' is not a borg placeholder; did you mean '{hostname}'?")]
    [InlineData("{hostname", "contains a '{' without '}' (write a literal brace twice)")]
    [InlineData("db-{", "contains a '{' without '}' (write a literal brace twice)")]
    [InlineData("{{{", "contains a '{' without '}' (write a literal brace twice)")]
    [InlineData("{now:%Y{x}", "contains a '{' without '}' (write a literal brace twice)")]
    [InlineData("db}-{now}", "contains a '}' without '{' (write a literal brace twice)")]
    [InlineData("{now}}", "contains a '}' without '{' (write a literal brace twice)")]
    [InlineData("a/b-{now}", "expected a name without '/', '::' or spaces")]
    [InlineData("a::b-{now}", "expected a name without '/', '::' or spaces")]
    [InlineData("a b-{now}", "expected a name without '/', '::' or spaces")]
    [InlineData("a\u00a0b-{now}", "expected a name without '/', '::' or spaces")]
    [InlineData("{now:%Y/%m}", "expected a name without '/', '::' or spaces")]
    [InlineData("{now:%Y %m}", "expected a name without '/', '::' or spaces")]
    public void Explains_what_is_wrong(string template, string expected)
    {
        Assert.Null(ArchiveTemplate.Parse(template, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Takes_single_colons()
    {
        Assert.NotNull(ArchiveTemplate.Parse("a:b:{now:%H:%M}:", out var problem));
        Assert.Null(problem);
    }

    private static ArchiveTemplate Parse(string template)
    {
        var parsed = ArchiveTemplate.Parse(template, out var problem);
        Assert.Null(problem);
        return parsed!;
    }

    /// <summary>The glob as borg reads it on the host <c>web</c>: placeholders first, the rest as in borg's
    /// <c>shellpattern.py</c>.</summary>
    private static Regex Matcher(string template)
    {
        var glob = Braces().Replace(Parse(template).GlobArchives, match => match.Value switch
        {
            "{{" => "{",
            "}}" => "}",
            "{hostname}" => "web",
            "{hostname:.2}" => "we",
            "{fqdn}" => "web.example.org",
            _ => throw new InvalidOperationException($"{match.Value} is left in the glob"),
        });
        var pattern = new StringBuilder();
        for (var i = 0; i < glob.Length; i++)
        {
            var end = glob[i] == '[' && i + 2 < glob.Length ? glob.IndexOf(']', i + 2) : -1;
            if (end > 0)
            {
                var set = glob[(i + 1)..end].Replace("[", "\\[", StringComparison.Ordinal);
                pattern.Append('[').Append(set).Append(']');
                i = end;
            }
            else
            {
                pattern.Append(glob[i] switch { '*' => "[^/]*", '?' => "[^/]", _ => Regex.Escape(glob[i].ToString()) });
            }
        }
        return new Regex($@"\A{pattern}\z", RegexOptions.Singleline);
    }

    [GeneratedRegex(@"\{\{|\}\}|\{[^}]*\}")]
    private static partial Regex Braces();
}
