package dev.seiche.study.data;

import dev.seiche.study.UserException;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A program of the system that fetches or unpacks, run to its end. */
final class Client {
    private static final int SHOWN_LINES = 3;

    private Client() {}

    /**
     * Runs a program in a directory. What it prints goes to a file there, of which the end is shown when it fails.
     *
     * @param missing what to do where there is no such program
     * @throws UserException when it is missing or fails
     */
    static void run(Path directory, String missing, List<String> words) {
        Path printed = directory.resolve("client.txt");
        int code;
        try {
            Process process = new ProcessBuilder(words)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(nothing(directory).toFile()))
                    .start();
            code = await(process);
        } catch (IOException e) {
            throw new UserException("cannot run '%s': %s; %s".formatted(words.get(0), DiskFault.reason(e), missing), e);
        }
        if (code != 0) {
            throw new UserException("'%s' failed (exit code %d): %s%n%s"
                    .formatted(String.join(" ", words), code, end(printed), missing));
        }
    }

    private static Path nothing(Path directory) throws IOException {
        Path empty = directory.resolve("nothing");
        Files.write(empty, new byte[0]);
        return empty;
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new UserException(
                    "interrupted while '%s' ran; start again, what was fetched is kept"
                            .formatted(process.info().command().orElse("a client")),
                    e);
        }
    }

    private static String end(Path printed) {
        try {
            List<String> lines = Files.readString(printed, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()).stream()
                    .collect(Collectors.joining(" / "));
        } catch (IOException e) {
            return "it printed nothing that can be read";
        }
    }
}
