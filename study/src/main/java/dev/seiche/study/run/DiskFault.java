package dev.seiche.study.run;

import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a person why a file could not be read or written. */
public final class DiskFault {
    private DiskFault() {}

    /**
     * A file could not be written.
     *
     * @param fix what to do, as the end of a sentence
     */
    public static UserException writing(Path path, IOException e, String fix) {
        return new UserException("cannot write %s: %s; %s".formatted(path, reason(e), fix), e);
    }

    /** A file of a run could not be written. */
    public static UserException writing(Path path, IOException e) {
        return writing(path, e, "free some space or choose another place with --out DIR");
    }

    /** A file could not be read. */
    public static UserException reading(Path path, IOException e) {
        return new UserException("cannot read %s: %s".formatted(path, reason(e)), e);
    }

    /** The cause in plain words. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or directory";
        } else if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        String told = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        String text = plain(told);
        return text.contains("no space left") ? "the disk is full" : text;
    }

    private static String plain(@Nullable String told) {
        String text = told == null || told.isBlank() ? "the system gave no reason" : told.strip();
        return text.toLowerCase(Locale.ROOT);
    }
}
