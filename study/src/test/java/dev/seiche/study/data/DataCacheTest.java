package dev.seiche.study.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.seiche.study.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCacheTest {
    private static final byte[] CONTENT = "some numbers that a set is made of".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory = Path.of("");

    private final List<String> told = new ArrayList<>();

    private DataCache cache() {
        return new DataCache(directory.resolve("cache"));
    }

    private SetFiles set(Source... sources) throws IOException {
        Path one = Files.write(directory.resolve("whole"), CONTENT);
        return new SetFiles(
                "set",
                "a set",
                Map.of("a-idx3-ubyte", DataCache.sha256(one)),
                Arrays.stream(sources)
                        .map(source -> new SetFiles.Way(source, new Copying()))
                        .toList());
    }

    private void get(SetFiles set, boolean offline) {
        cache().get(set, set.ways(), offline, told::add);
    }

    private Path folder(String file, byte[] content) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("folder"));
        Files.write(folder.resolve(file), content);
        return folder;
    }

    private static byte[] gzipped(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(content);
        }
        return out.toByteArray();
    }

    @Test
    void aFolderFillsTheCacheWithUnpackedAndCheckedFiles() throws IOException {
        SetFiles set = set(new Folder(folder("a.idx3-ubyte.gz", gzipped(CONTENT))));
        assertThat(cache().missing(set)).containsExactly("a-idx3-ubyte");

        get(set, true);

        assertThat(cache().place(set).resolve("a-idx3-ubyte")).hasBinaryContent(CONTENT);
        assertThat(cache().missing(set)).isEmpty();
        get(set, true);
        assertThat(told).last().asString().contains("is here and whole");
    }

    @Test
    void aFileOfOtherBytesNeverTakesItsName() throws IOException {
        SetFiles set = set(new Folder(folder("a-idx3-ubyte", new byte[] {1, 2, 3})));

        assertThatThrownBy(() -> get(set, true))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("it is damaged or another set's");
        assertThat(cache().place(set).resolve("a-idx3-ubyte")).doesNotExist();
    }

    @Test
    void aDamagedFileInTheCacheIsFetchedAgain() throws IOException {
        SetFiles set = set(new Folder(folder("a-idx3-ubyte", CONTENT)));
        get(set, true);
        Files.write(cache().place(set).resolve("a-idx3-ubyte"), new byte[] {0});

        get(set, true);

        assertThat(cache().place(set).resolve("a-idx3-ubyte")).hasBinaryContent(CONTENT);
    }

    @Test
    void offlineUsesNoNetworkAndSaysSo() throws IOException {
        SetFiles set = set(new HomePage(URI.create("http://localhost:1/"), List.of("a-idx3-ubyte")));

        assertThatThrownBy(() -> get(set, true))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("needs a network, and this is offline");
    }

    @Test
    void aDownloadThatWasCutOffIsGoneOnWithAndTheNextSourceIsTriedWhenOneFails() throws IOException {
        List<String> ranges = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(String.valueOf(range));
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.sendResponseHeaders(range == null ? 200 : 206, CONTENT.length - from);
            exchange.getResponseBody().write(CONTENT, from, CONTENT.length - from);
            exchange.close();
        });
        server.start();
        try {
            URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
            SetFiles set =
                    set(new Folder(directory.resolve("nowhere")), new HomePage(address, List.of("a-idx3-ubyte")));
            Path part = cache().place(set).resolve(".fetch").resolve("home").resolve("a-idx3-ubyte.part");
            Files.createDirectories(part.getParent());
            Files.write(part, Arrays.copyOf(CONTENT, 10));

            get(set, false);

            assertThat(ranges).containsExactly("bytes=10-");
            assertThat(cache().place(set).resolve("a-idx3-ubyte")).hasBinaryContent(CONTENT);
            assertThat(cache().place(set).resolve(".fetch")).doesNotExist();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theCatalogueKnowsItsSetsAndTheNearestName() {
        assertThat(DataCatalogue.sets())
                .extracting(SetFiles::name)
                .containsExactly("fashion-mnist", "mnist", "cifar-10");
        assertThat(DataCatalogue.sets())
                .allSatisfy(set -> assertThat(set.sha256()).isNotEmpty());
        assertThatThrownBy(() -> DataCatalogue.set("cifar10")).hasMessageContaining("did you mean 'cifar-10'");
    }
}
