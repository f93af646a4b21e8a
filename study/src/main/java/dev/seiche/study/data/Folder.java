package dev.seiche.study.data;

import dev.seiche.study.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A directory that somebody filled, looked into two levels deep. */
public record Folder(Path directory) implements Source {
    @Override
    public String kind() {
        return "folder";
    }

    @Override
    public String description() {
        return directory.toString();
    }

    @Override
    public boolean online() {
        return false;
    }

    @Override
    public Path bring(List<String> files, Path into, Tell tell) {
        if (!Files.isDirectory(directory)) {
            throw new UserException(
                    "--from %s is no directory; give the directory that holds the files".formatted(directory));
        }
        return directory;
    }
}
