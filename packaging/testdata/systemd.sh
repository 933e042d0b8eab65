# A scratch machine as machine.sh makes one, with systemd itself as its first
# process, which runs $SCRIPT; what that prints goes to the file $LOG. It is run
# as root in a mount namespace of its own.
set -euo pipefail
if [ $# = 0 ]; then
    mount -t tmpfs scratch /mnt
    mkdir /mnt/cgroup
    mount -t cgroup2 cgroup2 /mnt/cgroup
    own=/mnt/cgroup/resetpin-$$ # else systemd would take the machine's processes for its own
    mkdir "$own"
    status=0
    (
        echo $BASHPID >"$own/cgroup.procs"
        exec setpriv --pdeathsig KILL unshare --mount --propagation private --cgroup --uts --ipc --pid --fork --kill-child --net bash "$0" inside
    ) || status=$?
    find "$own" -depth -type d -exec rmdir {} + || true # what still ends keeps it
    exit "$status"
fi
umount /mnt/cgroup
root=/mnt/root
mkdir /mnt/up /mnt/work $root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work $root
mount -t proc proc $root/proc
mount --bind $root/proc/sys $root/proc/sys
mount -o remount,ro,bind $root/proc/sys # the kernel is the real machine's
mount -t sysfs -o ro sysfs $root/sys
mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
mount -t tmpfs -o mode=755 run $root/run
mount -t tmpfs -o mode=755 dev $root/dev
for device in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"
done
mknod -m 666 $root/dev/tty c 5 0
mkdir $root/dev/shm $root/dev/pts # PrivateDevices wants all of these
mount -t devpts -o newinstance,ptmxmode=0666 devpts $root/dev/pts
ln -s pts/ptmx $root/dev/ptmx
ln -s /proc/self/fd $root/dev/fd
mkdir -p "$GOCACHE" "$root$GOCACHE"
mount --bind "$GOCACHE" "$root$GOCACHE"
touch "$root/trial.log"
mount --bind "$LOG" "$root/trial.log"
units=$root/etc/systemd/system
rm -rf "$root/var/lib/resetpin" "$root/etc/fstab" "$units/resetpin.service" "$units/network-online.target.wants"
ln -sf /dev/null "$units/tmp.mount" # what the test is made of lies there
printf '%s\n' "$SCRIPT" >$root/trial
export -p | grep -vE '^declare -x (SCRIPT|PWD|OLDPWD|SHLVL|container)[=]?' >$root/trial.env
cat >"$units/trial.service" <<'UNIT'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/bash -c '. /trial.env; cd "$SOURCE"; ip link set lo up; bash -euo pipefail /trial >/trial.log 2>&1'
ExecStopPost=/bin/systemctl exit
UNIT
printf '[Unit]\nWants=trial.service\n' >"$units/trial.target"
mkdir $root/before
cd $root
pivot_root . before # in a chroot nobody makes user namespaces
umount -l /before
exec env -i container=scratch PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /usr/lib/systemd/systemd --system --unit=trial.target --log-target=console --show-status=0
