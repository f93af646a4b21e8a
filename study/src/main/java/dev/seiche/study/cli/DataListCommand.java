package dev.seiche.study.cli;

import dev.seiche.nn.data.DataPlaces;
import dev.seiche.study.data.DataCache;
import dev.seiche.study.data.DataCatalogue;
import dev.seiche.study.data.SetFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code seiche data list}: which data sets there are, and which of them are here. */
@Command(name = "list", description = "Lists data sets, their sources, and which of them are here.")
final class DataListCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--cache", paramLabel = "DIR", description = "Where sets are kept (default: the user's cache).")
    private @Nullable Path cache;

    DataListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DataCache kept = cache == null ? DataGetCommand.usual() : new DataCache(cache);
        print("fashion-mnist-1k", "shipped", "the first 1,000 + 200 images of fashion-mnist");
        for (SetFiles set : DataCatalogue.sets()) {
            print(set.name(), state(set, kept), set.description());
            for (SetFiles.Way way : set.ways()) {
                print("", "", way.source().kind() + ": " + way.source().description());
            }
        }
        console.out().println("cache " + kept.directory());
        return 0;
    }

    /** Looks for names only: checking the bytes of all sets would take seconds. */
    private static String state(SetFiles set, DataCache kept) {
        long here = set.files().stream()
                .filter(file -> Files.isRegularFile(kept.place(set).resolve(file)))
                .count();
        if (here == set.files().size()) {
            return "here";
        }
        boolean elsewhere =
                DataPlaces.of(null, System.getenv(), Path.of(System.getProperty("user.home", "."))).places().stream()
                        .map(place -> place.directory().resolve(set.name()))
                        .anyMatch(directory -> set.files().stream()
                                .allMatch(file -> Files.exists(directory.resolve(file))
                                        || Files.exists(directory.resolve(file + ".gz"))));
        return elsewhere ? "here" : here == 0 ? "-" : "in part";
    }

    private void print(String name, String state, String text) {
        console.out().println("%-17s %-8s %s".formatted(name, state, text).stripTrailing());
    }
}
