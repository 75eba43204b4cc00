using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The recipes of README with real databases: dumped, damaged on purpose, and restored from the archive.</summary>
public sealed class DatabaseTests : IDisposable
{
    private static readonly string Readme = Repository.ReadText("README.md");
    private static readonly string Section = Readme[Readme.IndexOf("\n### Databases\n", StringComparison.Ordinal)..];

    private readonly TestBackup _backup = new TestBackup().WithRealBorg();

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void PostgreSql()
    {
        var place = _backup.Directory["postgres"];
        _backup.Environment["PGHOST"] = place;
        var server =
            $$"""
            as() { runuser -u postgres -- "$@"; }
            programs=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
            chmod 711 .
            start() { as "$programs/pg_ctl" -D '{{place}}/data' -o "-k {{place}} -c listen_addresses= -c fsync=off" -l '{{place}}/log' -w start >&2; }
            stop() { as "$programs/pg_ctl" -D '{{place}}/data' -m fast -w stop >&2; }
            trap stop EXIT
            """;
        Check("dumps/shop.sql", 1,
            $"""
            {server}
            install -d -o postgres '{place}'
            as "$programs/initdb" -D '{place}/data' -A trust --no-sync >&2
            start
            as createdb shop
            as psql -q shop -c "create table item as select id, repeat(md5(id::text), 5) as name from generate_series(1, 20000) id"
            """,
            // In the middle of the table: much of the dump has come when it fails.
            $"""
            file=$(as psql -qAt shop -c "select pg_relation_filepath('item')")
            stop
            printf 'garbage garbage garbage garbage' | dd of='{place}'/data/$file bs=8192 seek=200 conv=notrunc 2>&2
            start
            """,
            "as dropdb shop",
            "as psql -qAt shop -c \"select count(*), md5(string_agg(name, '' order by id)) from item\"");
    }

    [Fact]
    public void MariaDb()
    {
        var place = _backup.Directory["mariadb"];
        _backup.Directory.Write("home/.my.cnf", $"[client]\nsocket = {place}/socket\n");
        var server =
            $$"""
            chmod 711 .
            start() {
                mariadbd --no-defaults --user=mysql --datadir='{{place}}/data' --socket='{{place}}/socket' --pid-file='{{place}}/pid' --skip-networking >&2 &
                server=$!
                until mariadb -e 'select 1' >/dev/null 2>&1; do kill -0 $server; sleep 0.1; done
            }
            stop() { kill $server; wait $server || true; }
            trap stop EXIT
            """;
        Check("dumps/mariadb.sql", 3,
            $"""
            {server}
            install -d -o mysql '{place}'
            mariadb-install-db --no-defaults --user=mysql --datadir='{place}/data' --auth-root-authentication-method=socket >&2
            start
            mariadb -e 'create database shop; use shop; create table item select seq as id, repeat(md5(seq), 5) as name from seq_1_to_20000'
            """,
            $"""
            stop
            head -c 1000000 /dev/urandom | dd of='{place}/data/shop/item.ibd' bs=16384 seek=60 conv=notrunc 2>&2
            start
            """,
            "mariadb -e 'drop database shop'",
            "mariadb -N -e 'select count(*), sum(crc32(name)) from shop.item'");
    }

    [Fact]
    public void Sqlite()
    {
        var database = _backup.Directory["app.db"];
        Check("dumps/app.sql", 1,
            $"""
            sqlite3 '{database}' "pragma journal_mode = wal; create table item (id integer primary key, name text);
                with recursive count (id) as (select 1 union all select id + 1 from count where id < 20000)
                insert into item select id, hex(id * 7919) || printf('%0100d', id) from count" >&2
            """,
            $"head -c 20000 /dev/urandom | dd of='{database}' bs=4096 seek=200 conv=notrunc 2>&2",
            $"rm '{database}'*",
            $"sqlite3 -readonly '{database}' 'select count(*), sum(id * length(name)), min(name), max(name) from item'");
    }

    /// <summary>Backs up, damages the database, sees that its dump is no archive, and restores the good one by README's
    /// commands.</summary>
    /// <param name="file">The stream of README.</param>
    /// <param name="code">The exit code of its command for the damaged database.</param>
    /// <param name="prepare">Starts the server and fills a table.</param>
    /// <param name="damage">Makes a part of the table unreadable.</param>
    /// <param name="drop">What must be gone before the restore.</param>
    /// <param name="look">Tells what is in the table.</param>
    private void Check(string file, int code, string prepare, string damage, string drop, string look)
    {
        var dumpSqlite = _backup.Directory.Write("dump-sqlite", Block("sh", 0), "755");
        var command = Assert.Single(Block("ini", 0).Split('\n'), line => line.StartsWith($"{file} = ", StringComparison.Ordinal)).Split(" = ")[1];
        _backup.Remove("paths").Set("streams", file, Here(command)).Set("textfile", "path", _backup.Directory["report.prom"]);
        var restore = Block("sh", 1).Split('\n');
        var own = restore.Where(line => line.Contains($"--stream {file} ", StringComparison.Ordinal)
            || (line.Contains("createdb", StringComparison.Ordinal) && file == "dumps/shop.sql"));
        var binary = $"'{Repository.Binary}' -c '{_backup.WriteConfiguration()}'";
        var script =
            $$"""
            set -eu
            exec 3>&1 >&2
            {{prepare}}
            {{look}} >&3
            {{binary}}; echo "run $?" >&3
            {{damage}}
            code=0; {{binary}} || code=$?; echo "run $code" >&3
            sed -n 's/^assimilator_stream_return_code{.*} /command /p' report.prom >&3
            {{drop}}
            {{string.Join('\n', own)}}
            {{look}} >&3
            """.Replace("assimilator extract", $"{binary} extract", StringComparison.Ordinal);
        var result = Users.RunAs(0, AsRoot(), "sh", "-c", $"cd '{_backup.Directory.Path}'\n{Here(script)}");
        if (!Users.IsRoot)
            Users.RunAsRoot("chown", "-R", Environment.UserName, _backup.Directory.Path);
        Assert.True(result.ExitCode == 0, result.ToString());
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.True(lines.AsSpan(1, lines.Length - 2).SequenceEqual(["run 0", "run 2", $"command {code}"]), result.ToString());
        Assert.StartsWith("20000", lines[0], StringComparison.Ordinal);
        Assert.Equal(lines[0], lines[^1]);
        Assert.Single(_backup.Archives());

        string Here(string text) => text
            .Replace("/usr/local/sbin/dump-sqlite", dumpSqlite, StringComparison.Ordinal)
            .Replace("/srv/app.db", _backup.Directory["app.db"], StringComparison.Ordinal);
    }

    private Dictionary<string, string?> AsRoot()
    {
        var environment = new Dictionary<string, string?>(_backup.Environment);
        environment["PATH"] = $"{environment["PATH"]}:/usr/sbin:/sbin";
        return environment;
    }

    private static string Block(string language, int place)
    {
        var text = Section.Split($"\n```{language}\n")[place + 1];
        return text[..(text.IndexOf("\n```\n", StringComparison.Ordinal) + 1)];
    }
}
