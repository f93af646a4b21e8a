package dev.seiche.study.data;

import dev.seiche.study.UserException;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A package of Debian. Where it is installed its files are used as they are; elsewhere on Debian it is fetched by
 * {@code apt-get download}, which needs no rights, and unpacked beside.
 *
 * @param name of the package
 * @param folder that it installs, from the root of the file system
 */
public record DebianPackage(String name, Path folder) implements Source {
    @Override
    public String kind() {
        return "debian";
    }

    @Override
    public String description() {
        return "Debian package " + name;
    }

    @Override
    public boolean online() {
        return !Files.isDirectory(folder);
    }

    @Override
    public Path bring(List<String> files, Path into, Tell tell) {
        if (Files.isDirectory(folder)) {
            return folder;
        }
        tell.line("apt-get download " + name);
        String advice = "on Debian run 'apt-get update' once, elsewhere use another source, or give --from DIR";
        Client.run(into, advice, List.of("apt-get", "download", name));
        try (Stream<Path> all = Files.list(into)) {
            String archive = all.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(name + "_") && file.endsWith(".deb"))
                    .findFirst()
                    .orElseThrow(() -> new UserException(
                            "apt-get download %s left no package in %s; try again".formatted(name, into)));
            Client.run(into, "install dpkg", List.of("dpkg-deb", "-x", archive, "root"));
        } catch (IOException e) {
            throw DiskFault.reading(into, e);
        }
        return into.resolve("root").resolve(Path.of("/").relativize(folder));
    }
}
