package dev.seiche.study.data;

import dev.seiche.study.UserException;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * The data set's own page, read over HTTP. A file that was cut off is gone on with from where it ends, when the server can.
 *
 * @param address of the directory that holds the files, with a slash at its end
 * @param downloads files to fetch; archives ({@code .tar.gz}) are unpacked
 */
public record HomePage(URI address, List<String> downloads) implements Source {
    private static final String UNFINISHED = ".part";
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int BEYOND_THE_END = 416;

    public HomePage {
        downloads = List.copyOf(downloads);
    }

    @Override
    public String kind() {
        return "home";
    }

    @Override
    public String description() {
        return address.toString();
    }

    @Override
    public boolean online() {
        return true;
    }

    @Override
    public Path bring(List<String> files, Path into, Tell tell) {
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(30))
                .build()) {
            for (String file : downloads) {
                Path whole = into.resolve(file);
                if (!Files.exists(whole)) {
                    download(client, address.resolve(file), whole, tell);
                }
                if (file.endsWith(".tar.gz")) {
                    Client.run(into, "install tar", List.of("tar", "-xzf", file));
                }
            }
        }
        return into;
    }

    private static void download(HttpClient client, URI from, Path whole, Tell tell) {
        Path part = whole.resolveSibling(whole.getFileName() + UNFINISHED);
        try {
            long have = Files.exists(part) ? Files.size(part) : 0;
            tell.line(have == 0 ? "fetching " + from : "fetching " + from + " from byte " + have + " on");
            HttpRequest.Builder request = HttpRequest.newBuilder(from);
            if (have > 0) {
                request.header("Range", "bytes=" + have + "-");
            }
            HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                int status = answer.statusCode();
                if (status == BEYOND_THE_END && have > 0) {
                    Files.delete(part);
                    throw new UserException(
                            "%s is shorter than what was fetched of it before; start again".formatted(from));
                }
                if (status != OK && status != PARTIAL) {
                    throw new UserException(
                            "%s answers %d; fetch the files by hand and give --from DIR".formatted(from, status));
                }
                append(body, part, status == PARTIAL);
            }
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted while fetching %s; start again to go on".formatted(from), e);
        } catch (IOException e) {
            throw new UserException(
                    "fetching %s fails: %s; start again to go on where it ended, or give --from DIR"
                            .formatted(from, e instanceof ConnectException ? "no connection" : DiskFault.reason(e)),
                    e);
        }
    }

    private static void append(InputStream body, Path part, boolean further) throws IOException {
        StandardOpenOption how = further ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            body.transferTo(out);
        }
    }
}
