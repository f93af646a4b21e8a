package dev.seiche.study.data;

import dev.seiche.study.UserException;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory of checked data sets, one below it for each: {@code DIR/cifar-10/test_batch.bin}. Every file is checked by
 * SHA-256 before it takes its name, one process at a time fetches a set, and an interrupted fetch is gone on with.
 *
 * @param directory of all sets
 */
public record DataCache(Path directory) {
    private static final String FETCHED = ".fetch";
    private static final String LOCK = ".lock";

    /** The usual place: {@code $XDG_CACHE_HOME/seiche}, or {@code ~/.cache/seiche}. */
    public static DataCache usual(Map<String, String> environment, Path home) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        return new DataCache((cache.isEmpty() ? home.resolve(".cache") : Path.of(cache)).resolve("seiche"));
    }

    /** Where a set lies, or would. */
    public Path place(SetFiles set) {
        return directory.resolve(set.name());
    }

    /** Files of the set that are not here, or do not have their bytes. */
    public List<String> missing(SetFiles set) {
        return set.files().stream()
                .filter(file -> {
                    Path path = place(set).resolve(file);
                    return !Files.isRegularFile(path)
                            || !sha256(path).equals(set.sha256().get(file));
                })
                .toList();
    }

    /**
     * Makes a set be here.
     *
     * @param ways to try, in order
     * @param offline refuses those that need a network
     * @throws UserException when no way leads to it; the message has each one's reason
     */
    public void get(SetFiles set, List<SetFiles.Way> ways, boolean offline, Source.Tell tell) {
        Path place = place(set);
        try {
            Files.createDirectories(place);
        } catch (IOException e) {
            throw DiskFault.writing(place, e);
        }
        try (FileChannel channel =
                        FileChannel.open(place.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, place, tell)) {
            List<String> missing = lock.isValid() ? missing(set) : set.files();
            if (missing.isEmpty()) {
                tell.line(set.name() + " is here and whole: " + place);
                return;
            }
            missing.stream()
                    .filter(file -> Files.exists(place.resolve(file)))
                    .forEach(file -> tell.line("  " + file + " is damaged, and needed anew"));
            bring(set, missing, ways, offline, tell);
            tell.line(set.name() + " is checked and ready: " + place);
        } catch (IOException e) {
            throw DiskFault.writing(place, e);
        }
    }

    private static FileLock lock(FileChannel channel, Path place, Source.Tell tell) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            tell.line("waiting for another process that fetches into " + place);
            lock = channel.lock();
        }
        return lock;
    }

    private void bring(SetFiles set, List<String> missing, List<SetFiles.Way> ways, boolean offline, Source.Tell tell) {
        List<String> reasons = new ArrayList<>();
        for (SetFiles.Way way : ways) {
            Source source = way.source();
            if (offline && source.online()) {
                reasons.add(source.description() + ": needs a network, and this is offline");
                continue;
            }
            Path fetched = place(set).resolve(FETCHED).resolve(source.kind());
            try {
                Files.createDirectories(fetched);
                Path found = source.bring(way.preparation().wanted(missing), fetched, tell);
                for (String file : missing) {
                    place(set, file, found, way.preparation(), tell);
                }
                remove(place(set).resolve(FETCHED));
                return;
            } catch (UserException e) {
                reasons.add(source.description() + ": " + e.getMessage());
            } catch (IOException e) {
                throw DiskFault.writing(fetched, e);
            }
        }
        if (offline) {
            reasons.add("fix: leave out --offline, or give --from DIR with the files");
        }
        throw new UserException("%s cannot be got:%n  %s".formatted(set.name(), String.join("\n  ", reasons)));
    }

    private void place(SetFiles set, String file, Path found, Preparation preparation, Source.Tell tell)
            throws IOException {
        Path unchecked = place(set).resolve(file + ".unchecked");
        preparation.prepare(file, found, unchecked);
        String digest = sha256(unchecked);
        if (!digest.equals(set.sha256().get(file))) {
            Files.delete(unchecked);
            throw new UserException("%s has SHA-256 %.16s..., expected %.16s...: it is damaged or another set's"
                    .formatted(file, digest, set.sha256().get(file)));
        }
        Files.move(unchecked, place(set).resolve(file), StandardCopyOption.REPLACE_EXISTING);
        tell.line("  " + file);
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** SHA-256 of a file, as 64 hexadecimal digits. */
    static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[1 << 20];
            for (int size = in.read(piece); size >= 0; size = in.read(piece)) {
                digest.update(piece, 0, size);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw DiskFault.reading(file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
