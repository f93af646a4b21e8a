package dev.seiche.nn.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directories in which full data sets are looked for, in order. A set NAME is taken from {@code DIR/NAME}, or from DIR
 * itself, whichever first holds one of its files.
 */
public record DataPlaces(List<Place> places) {

    /**
     * A directory to look in.
     *
     * @param origin who named it: {@code --data}, {@code $SEICHE_DATA}, {@code cache}, {@code system}
     */
    public record Place(String origin, Path directory) {}

    public DataPlaces {
        places = List.copyOf(places);
    }

    /**
     * The usual places. A directory that was asked for is the only one; otherwise {@code $SEICHE_DATA} where set, then
     * {@code $XDG_CACHE_HOME/seiche} ({@code ~/.cache/seiche} where that is not set), then {@code /usr/share/datasets}.
     *
     * @param given the argument of {@code --data}, or null
     * @param environment environment variables: {@code System.getenv()}
     * @param home the user's home directory
     * @throws DataException if {@code given} is no directory
     */
    public static DataPlaces of(@Nullable Path given, Map<String, String> environment, Path home) {
        if (given != null) {
            if (!Files.isDirectory(given)) {
                throw new DataException(
                        Files.exists(given) ? "this is not a directory" : "there is no such directory",
                        given.toString(),
                        "give --data the directory that holds the data sets");
            }
            return new DataPlaces(List.of(new Place("--data", given)));
        }
        List<Place> places = new ArrayList<>();
        String named = environment.getOrDefault("SEICHE_DATA", "");
        if (!named.isEmpty()) {
            places.add(new Place("$SEICHE_DATA", Path.of(named)));
        }
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        places.add(new Place("cache", (cache.isEmpty() ? home.resolve(".cache") : Path.of(cache)).resolve("seiche")));
        places.add(new Place("system", Path.of("/usr/share/datasets")));
        return new DataPlaces(places);
    }

    /** Every directory that is looked into for a set, in order. */
    List<Path> candidates(String set) {
        List<Path> candidates = new ArrayList<>();
        for (Place place : places) {
            candidates.add(place.directory().resolve(set));
            candidates.add(place.directory());
        }
        return candidates;
    }

    /** The places in one line, for errors. */
    @Override
    public String toString() {
        return String.join(
                ", ",
                places.stream()
                        .map(p -> p.directory() + " (" + p.origin() + ")")
                        .toList());
    }
}
