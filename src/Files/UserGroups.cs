using System.Globalization;
using System.Text.RegularExpressions;
using Assimilator.Native;

namespace Assimilator.Files;

/// <summary>Who is in which group.</summary>
internal static partial class UserGroups
{
    private static readonly uint Me = LibC.EffectiveUserId();

    /// <summary>True if nobody but root and we are in a group, as in the private groups that Debian and Fedora give to each
    /// user, or in <c>staff</c>, to which Debian gave /usr/local. Where a directory service, which is not asked, could put more
    /// people into a group, that is only group 0, which is root's even where no file says so.</summary>
    public static bool AreWhole(uint group)
    {
        if (TextFile.ReadLines("/etc/group") is not { } groups || TextFile.ReadLines("/etc/passwd") is not { } users)
            return false;
        if (group != 0 && !AreAll(groups, users))
            return false;
        var id = group.ToString(CultureInfo.InvariantCulture);
        var me = Me.ToString(CultureInfo.InvariantCulture);
        var isKnown = group == 0;
        var members = new HashSet<string>();
        foreach (var line in groups)
        {
            if (line.Split(':') is not [var name, var ownPassword, var number, var names, ..] || number != id)
                continue;
            if (IsPassword(ownPassword))
                return false;
            isKnown = true;
            members.UnionWith(Names(names));
            // Readable for root alone: who may make themselves members, and whether a password does.
            foreach (var shadow in TextFile.ReadLines("/etc/gshadow") ?? [])
            {
                if (shadow.Split(':') is not [var shadowed, var password, var administrators, ..] || shadowed != name)
                    continue;
                if (IsPassword(password))
                    return false;
                members.UnionWith(Names(administrators));
            }
        }
        foreach (var line in users)
        {
            if (line.Split(':') is not [var name, _, var user, var primary, ..])
                continue;
            if (user == "0" || user == me)
                members.Remove(name);
            else if (primary == id)
                return false;
        }
        return isKnown && members.Count == 0;

        // Whoever knows it can become a member.
        static bool IsPassword(string field) => field is not ("" or "x" or ['!' or '*', ..]);

        static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>True if these files, and what systemd makes up, name everybody there is (nsswitch.conf(5)).</summary>
    private static bool AreAll(string[] groups, string[] users)
    {
        // A line of NIS; the source "compat" then asks there.
        if (groups.Concat(users).Any(line => line.StartsWith('+')))
            return false;
        return TextFile.ReadLines("/etc/nsswitch.conf")?.All(line => line.Split('#')[0].Split(':') is not [var database, var sources]
            || database.Trim() is not ("passwd" or "group" or "initgroups")
            || Conditions().Split(sources).SelectMany(words => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .All(source => source is "files" or "compat" or "systemd")) == true;
    }

    [GeneratedRegex(@"\[[^]]*\]")]
    private static partial Regex Conditions();
}
