# A scratch machine: this one's file system under a layer of memory, with its
# own processes and network, so that what is done there leaves nothing behind.
# It is run as root in namespaces of its own (unshare), and runs $SCRIPT there.
set -euo pipefail
root=/mnt/root
mount -t tmpfs scratch /mnt
mkdir /mnt/up /mnt/work $root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work $root
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
# What is compiled is kept for the next time.
mkdir -p "$GOCACHE" "$root$GOCACHE"
mount --bind "$GOCACHE" "$root$GOCACHE"
ip link set lo up
install -m 755 "$PACKAGING/testdata/systemctl" "$root/usr/local/sbin/systemctl"
rm -rf "$root/var/lib/resetpin" "$root/etc/systemd/system/resetpin.service"
exec chroot "$root" /bin/bash -euo pipefail -c "cd \"\$SOURCE\"; $SCRIPT"
